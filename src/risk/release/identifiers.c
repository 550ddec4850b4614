#include "risk/release/identifiers.h"

#include <stdatomic.h>

#include "base/thread.h"

/* A piece of the work: some units that follow each other. */
enum { UNITS_OF_PIECE = 64 };

typedef struct piece_tally {
    uint64_t hits[LB_IDENTIFIER_TYPES], units[LB_IDENTIFIER_TYPES], units_with_any;
    lb_identifier_example examples[LB_IDENTIFIER_TYPES][LB_IDENTIFIER_EXAMPLES];
    uint8_t example_count[LB_IDENTIFIER_TYPES];
} piece_tally;

typedef struct identifier_run {
    const lb_texts *texts;
    lb_identifier_patterns *patterns;
    lb_identifier_scanner **scanners; /* [threads], made when a thread first works */
    lb_buffer *views;                 /* [threads] lb_str of the messages of a unit */
    piece_tally **pieces;             /* NULL: nothing was found there */
    _Atomic uint32_t *conversations;  /* [conversations] bits of the types found */
    const lb_progress *progress;
    _Atomic uint64_t done;
} identifier_run;

typedef struct unit_scan {
    identifier_run *run;
    piece_tally **tally;
    size_t first;   /* message */
    uint32_t types; /* bits */
} unit_scan;

static int count(void *context, size_t text, const lb_identifier *found, size_t number,
                 lb_error *error) {
    unit_scan *scan = context;
    if (!*scan->tally && !(*scan->tally = lb_alloc_zero(1, sizeof **scan->tally)))
        return lb_fail_memory(error, "counting identifiers");
    piece_tally *tally = *scan->tally;
    uint32_t types = 0;
    for (size_t i = 0; i < number; i++) {
        lb_identifier_type type = found[i].type;
        types |= 1u << type;
        tally->hits[type]++;
        if (tally->example_count[type] < LB_IDENTIFIER_EXAMPLES)
            tally->examples[type][tally->example_count[type]++] =
                (lb_identifier_example){scan->first + text, found[i]};
    }
    scan->types |= types;
    const lb_own_message *message = &scan->run->texts->messages[scan->first + text];
    atomic_fetch_or(&scan->run->conversations[message->conversation], types);
    return LB_OK;
}

static int scan_unit(identifier_run *run, size_t unit, unsigned worker, piece_tally **tally,
                     lb_error *error) {
    const lb_texts *texts = run->texts;
    size_t first = texts->offsets[unit], messages = texts->offsets[unit + 1] - first;
    lb_buffer *views = &run->views[worker];
    views->size = 0;
    int status = lb_buffer_reserve(views, messages * sizeof(lb_str), error);
    lb_str *list = (lb_str *)(void *)views->data;
    for (size_t i = 0; status == LB_OK && i < messages; i++)
        list[i] = texts->messages[first + i].text;
    unit_scan scan = {run, tally, first, 0};
    if (status == LB_OK)
        status = lb_identifiers_find(run->scanners[worker], list, messages, count, &scan, error);
    if (status < 0 || scan.types == 0)
        return status;
    for (int type = 0; type < LB_IDENTIFIER_TYPES; type++)
        (*tally)->units[type] += scan.types >> type & 1;
    (*tally)->units_with_any += (scan.types & ~(1u << LB_IDENTIFIER_PLACEHOLDER)) != 0;
    return LB_OK;
}

static int scan_piece(void *context, size_t piece, unsigned worker, lb_error *error) {
    identifier_run *run = context;
    int status = LB_OK;
    if (!run->scanners[worker])
        status = lb_identifier_scanner_new(&run->scanners[worker], run->patterns, error);
    size_t end = (piece + 1) * UNITS_OF_PIECE;
    end = end < run->texts->units ? end : run->texts->units;
    for (size_t unit = piece * UNITS_OF_PIECE; status == LB_OK && unit < end; unit++)
        status = scan_unit(run, unit, worker, &run->pieces[piece], error);
    atomic_fetch_add(&run->done, end - piece * UNITS_OF_PIECE);
    if (worker == 0) /* one thread reports, so that no two do at once */
        lb_progress_report(run->progress, "identifiers", atomic_load(&run->done),
                           run->texts->units);
    return status;
}

static void add_piece(lb_identifier_result *result, const piece_tally *piece) {
    result->units += piece->units_with_any;
    for (int type = 0; type < LB_IDENTIFIER_TYPES; type++) {
        lb_identifier_tally *tally = &result->types[type];
        tally->hits += piece->hits[type];
        tally->units += piece->units[type];
        if (type != LB_IDENTIFIER_PLACEHOLDER)
            result->total += piece->hits[type];
        for (size_t i = 0;
             i < piece->example_count[type] && tally->example_count < LB_IDENTIFIER_EXAMPLES; i++)
            tally->examples[tally->example_count++] = piece->examples[type][i];
    }
}

static void count_conversations(const identifier_run *run, lb_identifier_result *result) {
    for (size_t c = 0; c < run->texts->conversations; c++) {
        uint32_t types = atomic_load(&run->conversations[c]);
        for (int type = 0; type < LB_IDENTIFIER_TYPES; type++)
            result->types[type].conversations += types >> type & 1;
        result->conversations += (types & ~(1u << LB_IDENTIFIER_PLACEHOLDER)) != 0;
    }
}

int lb_identifiers_run(const lb_texts *texts, unsigned threads, const lb_progress *progress,
                       lb_identifier_result *result, lb_error *error) {
    *result = (lb_identifier_result){0};
    size_t pieces = (texts->units + UNITS_OF_PIECE - 1) / UNITS_OF_PIECE;
    threads = threads > 0 ? threads : 1;
    identifier_run run = {.texts = texts,
                          .progress = progress,
                          .scanners = lb_alloc_zero(threads, sizeof *run.scanners),
                          .views = lb_alloc_zero(threads, sizeof *run.views),
                          .pieces = lb_alloc_zero(pieces, sizeof *run.pieces),
                          .conversations =
                              lb_alloc_zero(texts->conversations, sizeof *run.conversations)};
    int status = run.scanners && run.views && run.pieces && run.conversations
                     ? lb_identifier_patterns_new(&run.patterns, error)
                     : lb_fail_memory(error, "counting identifiers");
    if (status == LB_OK)
        status = lb_parallel(threads, pieces, scan_piece, &run, error);
    for (size_t i = 0; status == LB_OK && i < pieces; i++)
        if (run.pieces[i])
            add_piece(result, run.pieces[i]);
    if (status == LB_OK)
        count_conversations(&run, result);
    for (size_t i = 0; run.pieces && i < pieces; i++)
        lb_free(run.pieces[i]);
    for (unsigned i = 0; i < threads; i++) {
        if (run.scanners)
            lb_identifier_scanner_free(run.scanners[i]);
        if (run.views)
            lb_buffer_free(&run.views[i]);
    }
    lb_identifier_patterns_free(run.patterns);
    lb_free(run.scanners);
    lb_free(run.views);
    lb_free(run.pieces);
    lb_free(run.conversations);
    return status;
}
