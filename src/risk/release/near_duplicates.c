#include "risk/release/near_duplicates.h"

#include <stdlib.h>

#include "base/thread.h"
#include "text/shingles.h"

enum { UNITS_OF_PIECE = 64, DOCUMENTS_OF_PIECE = 256, VERIFIED_MAX = 64 };

/* Documents of a piece of the units, made apart and put together at the end. */
typedef struct document_piece {
    lb_document *items;
    size_t count, capacity;
    lb_buffer shingles;
} document_piece;

typedef struct own_place {
    uint32_t conversation;
    uint32_t message; /* within the unit */
} own_place;

typedef struct making {
    const lb_texts *texts;
    document_piece *pieces;
    lb_shingler **shinglers; /* [threads] */
    lb_buffer *places;       /* [threads] own_place of a unit's messages */
} making;

static int by_conversation(const void *a, const void *b) {
    const own_place *x = a, *y = b;
    if (x->conversation != y->conversation)
        return x->conversation < y->conversation ? -1 : 1;
    return (x->message > y->message) - (x->message < y->message);
}

/* The document of the messages places[0 ... count-1]. */
static int add_document(making *job, document_piece *piece, lb_shingler *shingler, size_t unit,
                        const own_place *places, size_t count, lb_error *error) {
    lb_document *grown =
        lb_grow(piece->items, &piece->capacity, piece->count + 1, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    piece->items = grown;
    int status = LB_OK;
    size_t first = job->texts->offsets[unit], start = piece->shingles.size;
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = lb_shingler_add(shingler, job->texts->messages[first + places[i].message].text,
                                 &piece->shingles, error);
    if (status < 0)
        return status;
    size_t added = (piece->shingles.size - start) / sizeof(uint64_t);
    size_t found =
        added ? lb_shingles_settle((uint64_t *)(void *)(piece->shingles.data + start), added) : 0;
    found = found < LB_DOCUMENT_SHINGLES_MIN ? 0 : found;
    piece->shingles.size = start + found * sizeof(uint64_t);
    piece->items[piece->count++] = (lb_document){.unit = (uint32_t)unit,
                                                 .conversation = places[0].conversation,
                                                 .owner = job->texts->unit_hashes[unit],
                                                 .message = first + places[0].message,
                                                 .messages = (uint32_t)count,
                                                 .offset = start / sizeof(uint64_t),
                                                 .count = found};
    return LB_OK;
}

static int add_unit(making *job, document_piece *piece, size_t unit, unsigned worker,
                    lb_error *error) {
    size_t first = job->texts->offsets[unit], count = job->texts->offsets[unit + 1] - first;
    lb_buffer *buffer = &job->places[worker];
    buffer->size = 0;
    int status = lb_buffer_reserve(buffer, count * sizeof(own_place), error);
    if (status < 0 || count == 0)
        return status;
    own_place *places = (own_place *)(void *)buffer->data;
    for (size_t i = 0; i < count; i++)
        places[i] = (own_place){job->texts->messages[first + i].conversation, (uint32_t)i};
    qsort(places, count, sizeof *places, by_conversation);
    for (size_t i = 0, end; status == LB_OK && i < count; i = end) {
        for (end = i + 1; end < count && places[end].conversation == places[i].conversation;)
            end++;
        status = add_document(job, piece, job->shinglers[worker], unit, places + i, end - i, error);
    }
    return status;
}

static int make_piece(void *context, size_t number, unsigned worker, lb_error *error) {
    making *job = context;
    int status = LB_OK;
    if (!job->shinglers[worker])
        status = lb_shingler_new(&job->shinglers[worker], error);
    size_t end = (number + 1) * UNITS_OF_PIECE;
    end = end < job->texts->units ? end : job->texts->units;
    for (size_t unit = number * UNITS_OF_PIECE; status == LB_OK && unit < end; unit++)
        status = add_unit(job, &job->pieces[number], unit, worker, error);
    return status;
}

static int join_pieces(lb_documents *documents, document_piece *pieces, size_t count,
                       lb_error *error) {
    size_t items = 0, shingles = 0;
    for (size_t i = 0; i < count; i++) {
        items += pieces[i].count;
        shingles += pieces[i].shingles.size / sizeof *documents->shingles;
    }
    if (items >= LB_NO_DOCUMENT)
        return lb_fail(error, LB_E_RESOURCE, "comparing conversations",
                       "leave them out with --measures=-consent", "there are too many");
    documents->items = lb_alloc(items, sizeof *documents->items);
    documents->shingles = lb_alloc(shingles, sizeof *documents->shingles);
    if (!documents->items || !documents->shingles)
        return lb_fail_memory(error, "comparing conversations");
    size_t offset = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < pieces[i].count; k++) {
            lb_document *item = &documents->items[documents->count++];
            *item = pieces[i].items[k];
            item->offset += offset;
        }
        if (pieces[i].shingles.size > 0)
            memcpy(documents->shingles + offset, pieces[i].shingles.data, pieces[i].shingles.size);
        offset += pieces[i].shingles.size / sizeof *documents->shingles;
        lb_free(pieces[i].items);
        lb_buffer_free(&pieces[i].shingles);
        pieces[i] = (document_piece){0};
    }
    return LB_OK;
}

int lb_documents_make(lb_documents *documents, const lb_texts *texts, unsigned threads,
                      lb_error *error) {
    *documents = (lb_documents){0};
    threads = threads > 0 ? threads : 1;
    size_t pieces = (texts->units + UNITS_OF_PIECE - 1) / UNITS_OF_PIECE;
    making job = {.texts = texts,
                  .pieces = lb_alloc_zero(pieces, sizeof *job.pieces),
                  .shinglers = lb_alloc_zero(threads, sizeof *job.shinglers),
                  .places = lb_alloc_zero(threads, sizeof *job.places)};
    int status = job.pieces && job.shinglers && job.places
                     ? lb_parallel(threads, pieces, make_piece, &job, error)
                     : lb_fail_memory(error, "comparing conversations");
    if (status == LB_OK)
        status = join_pieces(documents, job.pieces, pieces, error);
    for (size_t i = 0; job.pieces && i < pieces; i++) {
        lb_free(job.pieces[i].items);
        lb_buffer_free(&job.pieces[i].shingles);
    }
    for (unsigned i = 0; i < threads; i++) {
        if (job.shinglers)
            lb_shingler_free(job.shinglers[i]);
        if (job.places)
            lb_buffer_free(&job.places[i]);
    }
    lb_free(job.pieces);
    lb_free(job.shinglers);
    lb_free(job.places);
    if (status < 0)
        lb_documents_free(documents);
    return status;
}

void lb_documents_free(lb_documents *documents) {
    lb_free(documents->items);
    lb_free(documents->shingles);
    *documents = (lb_documents){0};
}

/* One band of one document of the gallery. */
typedef struct band_entry {
    uint32_t key, document;
} band_entry;

typedef struct finding {
    const lb_near_duplicate_query *query;
    uint32_t (*gallery_bands)[LB_MINHASH_BANDS]; /* [gallery] */
    band_entry *bands[LB_MINHASH_BANDS];         /* sorted by key, then by document */
    size_t entries;
    uint32_t *matches;
} finding;

static bool is_listed(const lb_near_duplicate_query *query, size_t document) {
    return query->gallery->items[document].count > 0 && (!query->listed || query->listed[document]);
}

static int hash_document(void *context, size_t i, unsigned worker, lb_error *error) {
    finding *job = context;
    const lb_documents *gallery = job->query->gallery;
    (void)worker;
    (void)error;
    if (is_listed(job->query, i))
        lb_minhash(gallery->shingles + gallery->items[i].offset, gallery->items[i].count,
                   job->gallery_bands[i]);
    return LB_OK;
}

static int by_key(const void *a, const void *b) {
    const band_entry *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->document > y->document) - (x->document < y->document);
}

static int sort_band(void *context, size_t band, unsigned worker, lb_error *error) {
    finding *job = context;
    (void)worker;
    band_entry *entries = lb_alloc(job->entries, sizeof *entries);
    if (!entries)
        return lb_fail_memory(error, "comparing conversations");
    size_t count = 0;
    for (size_t i = 0; i < job->query->gallery->count; i++)
        if (is_listed(job->query, i))
            entries[count++] = (band_entry){job->gallery_bands[i][band], (uint32_t)i};
    if (count > 1)
        qsort(entries, count, sizeof *entries, by_key);
    job->bands[band] = entries;
    return LB_OK;
}

static size_t first_with(const band_entry *entries, size_t count, uint32_t key) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (entries[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool alike(const lb_near_duplicate_query *query, const lb_document *a,
                  const lb_document *b) {
    size_t less = a->count < b->count ? a->count : b->count;
    size_t more = a->count < b->count ? b->count : a->count;
    return (double)less >= LB_NEAR_DUPLICATE_JACCARD * (double)more &&
           lb_jaccard(query->among->shingles + a->offset, a->count,
                      query->gallery->shingles + b->offset, b->count) >= LB_NEAR_DUPLICATE_JACCARD;
}

static uint32_t match_of(const finding *job, size_t number) {
    const lb_near_duplicate_query *query = job->query;
    const lb_document *document = &query->among->items[number];
    uint32_t bands[LB_MINHASH_BANDS];
    lb_minhash(query->among->shingles + document->offset, document->count, bands);
    for (size_t band = 0; band < LB_MINHASH_BANDS; band++) {
        const band_entry *entries = job->bands[band];
        size_t verified = 0;
        for (size_t i = first_with(entries, job->entries, bands[band]);
             i < job->entries && entries[i].key == bands[band] && verified < VERIFIED_MAX; i++) {
            const lb_document *other = &query->gallery->items[entries[i].document];
            if (other == document || (query->other_owner && other->owner == document->owner))
                continue;
            verified++;
            if (alike(query, document, other))
                return entries[i].document;
        }
    }
    return LB_NO_DOCUMENT;
}

static int match_document(void *context, size_t i, unsigned worker, lb_error *error) {
    finding *job = context;
    const lb_near_duplicate_query *query = job->query;
    (void)worker;
    (void)error;
    if (query->among->items[i].count > 0 && (!query->asked || query->asked[i]))
        job->matches[i] = match_of(job, i);
    return LB_OK;
}

int lb_near_duplicates_find(const lb_near_duplicate_query *query, uint32_t *matches,
                            lb_error *error) {
    unsigned threads = query->threads > 0 ? query->threads : 1;
    finding job = {.query = query, .matches = matches};
    for (size_t i = 0; i < query->among->count; i++)
        matches[i] = LB_NO_DOCUMENT;
    for (size_t i = 0; i < query->gallery->count; i++)
        job.entries += is_listed(query, i);
    if (job.entries == 0)
        return LB_OK;
    job.gallery_bands = lb_alloc(query->gallery->count, sizeof *job.gallery_bands);
    int status = job.gallery_bands ? LB_OK : lb_fail_memory(error, "comparing conversations");
    if (status == LB_OK)
        status = lb_parallel_small(threads, query->gallery->count, DOCUMENTS_OF_PIECE,
                                   hash_document, &job, error);
    if (status == LB_OK)
        status = lb_parallel(threads, LB_MINHASH_BANDS, sort_band, &job, error);
    lb_free(job.gallery_bands);
    if (status == LB_OK)
        status = lb_parallel_small(threads, query->among->count, DOCUMENTS_OF_PIECE, match_document,
                                   &job, error);
    for (size_t band = 0; band < LB_MINHASH_BANDS; band++)
        lb_free(job.bands[band]);
    return status;
}
