#include "link/attack.h"

#include <math.h>
#include <stdlib.h>

#include "base/interval.h"
#include "link/assignment.h"

enum { CANDIDATES_BY_SIGNAL = 60, CANDIDATES_IF_PRUNED = 120, PARTNERS = 20, ENOUGH_TO_LEARN = 20 };
static const uint64_t ALL_PAIRS = 300000000;
static const double LINKED = 0.5, WORTH_LOOKING = 1e-4;

static unsigned threads_of(const lb_link_options *options) {
    return options->threads ? options->threads : 1;
}

static int score(lb_attack *run, lb_error *error) {
    lb_signals *signals;
    uint64_t most = run->options->all_pairs_below ? run->options->all_pairs_below : ALL_PAIRS;
    bool pruned = run->gallery->count > most / (run->queries->count + 1);
    lb_signals_options options = {.queries = run->queries,
                                  .suppressed = run->suppressed,
                                  .without = run->without,
                                  .pruned = pruned,
                                  .threads = threads_of(run->options)};
    lb_progress_report(run->options->progress, "indexing pseudonyms", 0, 0);
    int status = lb_signals_new(&signals, run->gallery, &options, error);
    if (status < 0)
        return status;
    lb_scores_options how = {.each = CANDIDATES_BY_SIGNAL,
                             .each_pruned = CANDIDATES_IF_PRUNED,
                             .pruned = pruned,
                             .threads = options.threads};
    lb_progress_report(run->options->progress, "comparing pseudonyms", 0, 0);
    status = lb_scores_make(signals, run->gallery, run->queries, run->matches, &how, &run->scores,
                            error);
    lb_signals_free(signals);
    return status;
}

static int fuse(const lb_attack *run, unsigned without, lb_fusion *fusion, lb_error *error) {
    lb_fusion_options options = {.seed = run->options->seed,
                                 .without = without,
                                 .trees = lb_trees_defaults(),
                                 .threads = threads_of(run->options)};
    if (run->learnt)
        return lb_fusion_apply(run->learnt, &run->scores, options.threads, fusion, error);
    return lb_fusion_run(&run->scores, run->people, &options, fusion, error);
}

/* What became of a query, and whom the attack names. */
static lb_outcome outcome_of(const lb_scores *scores, const lb_fusion *fusion, size_t query,
                             uint64_t key, uint32_t *guess) {
    const lb_candidates *of = &scores->candidates[query];
    const lb_fused *said = &fusion->fused[query];
    lb_outcome outcome = {.key = key};
    *guess = LB_NOT_FOUND;
    for (uint32_t i = 0; i < of->count; i++) {
        if (*guess == LB_NOT_FOUND || said->main[i] > said->main[*guess])
            *guess = i;
        if (said->control[i] > outcome.control)
            outcome.control = said->control[i];
        if (of->match != LB_NOT_FOUND)
            outcome.rank += said->main[i] >= said->main[of->match];
    }
    if (of->match == LB_NOT_FOUND && of->behind)
        outcome.rank = (uint32_t)of->count + of->behind;
    if (*guess != LB_NOT_FOUND)
        outcome.probability = said->main[*guess];
    return outcome;
}

static void tabulate_reliability(const lb_attack *run) {
    lb_reliability *tenths = run->result->reliability;
    for (size_t q = 0; q < run->scores.queries; q++) {
        const lb_candidates *of = &run->scores.candidates[q];
        for (size_t i = 0; i < of->count; i++) {
            double said = run->fusion.fused[q].main[i];
            size_t tenth = (size_t)(said * LB_LINK_TENTHS);
            lb_reliability *into = &tenths[tenth < LB_LINK_TENTHS ? tenth : LB_LINK_TENTHS - 1];
            into->pairs++;
            into->said += said;
            into->right += i == of->match;
        }
    }
    for (size_t t = 0; t < LB_LINK_TENTHS; t++) {
        lb_interval interval = lb_interval_clopper_pearson(tenths[t].right, tenths[t].pairs, 0.95);
        tenths[t].said = tenths[t].pairs ? tenths[t].said / (double)tenths[t].pairs : 0;
        tenths[t].low = interval.low;
        tenths[t].high = interval.high;
    }
}

/* The signals by which the guess stands out most from the query's other candidates. */
static void find_reasons(const lb_attack *run, size_t query, lb_link_person *person) {
    const lb_scores *scores = &run->scores;
    bool taken[LB_SIGNALS] = {false};
    double margins[LB_SIGNALS];
    for (size_t a = 0; a < scores->active; a++)
        margins[a] = lb_pairs_margin(scores, query, run->guesses[query], a);
    while (person->reason_count < LB_LINK_REASONS) {
        size_t best = LB_SIGNALS;
        for (size_t a = 0; a < scores->active; a++)
            if (!taken[a] && (person->reason_count == 0 || margins[a] > 0) &&
                (best == LB_SIGNALS || margins[a] > margins[best]))
                best = a;
        if (best == LB_SIGNALS)
            return;
        taken[best] = true;
        person->reasons[person->reason_count++] = scores->signals[best];
        run->result->signals[best].reasons += person->right;
    }
}

/* The probability of the next best candidate. */
static double second_of(const lb_attack *run, size_t query) {
    const lb_candidates *of = &run->scores.candidates[query];
    double second = 0;
    for (uint32_t i = 0; i < of->count; i++)
        if (i != run->guesses[query] && run->fusion.fused[query].main[i] > second)
            second = run->fusion.fused[query].main[i];
    return second;
}

static int describe_people(lb_attack *run, lb_error *error) {
    const lb_scores *scores = &run->scores;
    run->result->people =
        lb_arena_alloc(run->result->arena, scores->queries + 1, sizeof *run->result->people);
    if (!run->result->people)
        return lb_fail_memory(error, "the people of the attack");
    for (size_t q = 0; q < scores->queries; q++) {
        const lb_candidates *of = &scores->candidates[q];
        const lb_outcome *outcome = &run->outcomes[q];
        lb_link_person *person = &run->result->people[q];
        *person = (lb_link_person){.unit = run->queries->profiles[q].unit,
                                   .guess = LB_LINK_NO_ONE,
                                   .right = outcome->rank == 1,
                                   .rank = outcome->rank,
                                   .probability = outcome->probability,
                                   .second = second_of(run, q),
                                   .control = outcome->control,
                                   .words = of->size};
        if (run->guesses[q] == LB_NOT_FOUND)
            continue;
        person->guess = run->gallery->profiles[of->profiles[run->guesses[q]]].unit;
        find_reasons(run, q, person);
    }
    return LB_OK;
}

static void rate_signals(const lb_attack *run) {
    const lb_scores *scores = &run->scores;
    run->result->signal_count = scores->active;
    for (size_t a = 0; a < scores->active; a++) {
        lb_link_signal *into = &run->result->signals[a];
        *into = (lb_link_signal){
            .signal = scores->signals[a],
            .top1_without = NAN,
            .mrr_without = NAN,
            .recall_p90_without = NAN,
        };
        double known = 0;
        for (size_t q = 0; q < scores->queries; q++) {
            double rank = (double)scores->candidates[q].ranks[a];
            known += rank > 0 ? 1 : 0;
            into->top1 += rank == 1 ? 1 : 0;
            into->mrr += rank > 0 ? 1 / rank : 0;
        }
        into->top1 /= fmax(known, 1);
        into->mrr /= fmax(known, 1);
    }
}

/* The figures of the queries whose match is known. */
static int judge(const lb_attack *run, const lb_outcome *outcomes, lb_evaluation *figures,
                 lb_error *error) {
    const lb_scores *scores = &run->scores;
    size_t known = 0;
    lb_outcome *judged = lb_alloc(scores->queries + 1, sizeof *judged);
    if (!judged)
        return lb_fail_memory(error, "the figures of the attack");
    for (size_t q = 0; q < scores->queries; q++)
        if (outcomes[q].rank)
            judged[known++] = outcomes[q];
    int status =
        lb_evaluation_run(judged, known, scores->gallery, run->options->seed, figures, error);
    lb_free(judged);
    return status;
}

static int ablate(lb_attack *run, lb_error *error) {
    const lb_scores *scores = &run->scores;
    int status = LB_OK;
    lb_outcome *outcomes = lb_alloc(scores->queries + 1, sizeof *outcomes);
    if (!outcomes)
        return lb_fail_memory(error, "the attack without a signal");
    for (size_t a = 0; a < scores->active && status == LB_OK; a++) {
        lb_link_signal *into = &run->result->signals[a];
        lb_fusion fusion;
        lb_evaluation figures = {0};
        uint32_t guess;
        lb_progress_report(run->options->progress, "leaving signals out", a, scores->active);
        status = fuse(run, 1u << scores->signals[a], &fusion, error);
        if (status < 0)
            break;
        for (size_t q = 0; q < scores->queries; q++)
            outcomes[q] = outcome_of(scores, &fusion, q, run->people[q], &guess);
        lb_fusion_free(&fusion);
        status = judge(run, outcomes, &figures, error);
        into->top1_without = figures.top1.value;
        into->mrr_without = figures.mrr.value;
        into->recall_p90_without = figures.recall_p90.value;
    }
    lb_free(outcomes);
    return status;
}

typedef struct sized {
    double words;
    size_t query;
} sized;

static int by_words(const void *left, const void *right) {
    const sized *a = left, *b = right;
    if (a->words != b->words)
        return a->words < b->words ? -1 : 1;
    return (a->query > b->query) - (a->query < b->query);
}

static int rate_sizes(const lb_attack *run, lb_error *error) {
    size_t count = 0;
    sized *order = lb_alloc(run->scores.queries + 1, sizeof *order);
    if (!order)
        return lb_fail_memory(error, "the attack by the amount of text");
    for (size_t q = 0; q < run->scores.queries; q++)
        if (run->outcomes[q].rank)
            order[count++] = (sized){run->scores.candidates[q].size, q};
    qsort(order, count, sizeof *order, by_words);
    for (size_t s = 0; s < LB_LINK_SIZES; s++) {
        lb_link_size *into = &run->result->sizes[s];
        size_t first = s * count / LB_LINK_SIZES, end = (s + 1) * count / LB_LINK_SIZES;
        for (size_t i = first; i < end; i++) {
            uint32_t rank = run->outcomes[order[i].query].rank;
            into->queries++;
            into->right += rank == 1;
            into->mrr += 1 / (double)rank;
        }
        if (end == first)
            continue;
        into->least = order[first].words;
        into->most = order[end - 1].words;
        into->mrr /= (double)into->queries;
        lb_interval interval = lb_interval_clopper_pearson(into->right, into->queries, 0.95);
        into->top1 =
            (lb_estimate){(double)into->right / (double)into->queries, interval.low, interval.high};
    }
    lb_free(order);
    return LB_OK;
}

static int by_worth(const void *left, const void *right) {
    const lb_edge *a = left, *b = right;
    if (a->worth != b->worth)
        return a->worth > b->worth ? -1 : 1;
    return (a->profile > b->profile) - (a->profile < b->profile);
}

/* The graph of the assignment: the most probable candidates of every query. */
static int draw_graph(const lb_attack *run, lb_edge **edges, size_t **offsets, lb_error *error) {
    const lb_scores *scores = &run->scores;
    size_t pairs = 0, kept = 0;
    for (size_t q = 0; q < scores->queries; q++)
        pairs += scores->candidates[q].count;
    *edges = lb_alloc(pairs + 1, sizeof **edges);
    *offsets = lb_alloc(scores->queries + 2, sizeof **offsets);
    if (!*edges || !*offsets)
        return lb_fail_memory(error, "the one-to-one assignment");
    for (size_t q = 0; q < scores->queries; q++) {
        size_t first = kept;
        (*offsets)[q] = first;
        for (size_t i = 0; i < scores->candidates[q].count; i++)
            if (run->fusion.fused[q].main[i] >= WORTH_LOOKING)
                (*edges)[kept++] =
                    (lb_edge){scores->candidates[q].profiles[i], run->fusion.fused[q].main[i]};
        qsort(*edges + first, kept - first, sizeof **edges, by_worth);
        kept = kept - first > PARTNERS ? first + PARTNERS : kept;
    }
    (*offsets)[scores->queries] = kept;
    return LB_OK;
}

static lb_estimate proportion(uint64_t successes, uint64_t trials) {
    lb_interval interval = lb_interval_clopper_pearson(successes, trials, 0.95);
    return (lb_estimate){trials ? (double)successes / (double)trials : 0, interval.low,
                         interval.high};
}

static int assign(const lb_attack *run, lb_error *error) {
    const lb_scores *scores = &run->scores;
    lb_link_assigned *into = &run->result->assigned;
    lb_edge *edges = NULL;
    size_t *offsets = NULL;
    uint32_t *partners = lb_alloc(scores->queries + 1, sizeof *partners);
    int status = partners ? draw_graph(run, &edges, &offsets, error)
                          : lb_fail_memory(error, "the one-to-one assignment");
    if (status == LB_OK)
        status =
            lb_assignment_solve(edges, offsets, scores->queries, scores->gallery, partners, error);
    uint64_t right = 0, known = run->result->figures.queries;
    for (size_t q = 0; status == LB_OK && q < scores->queries; q++) {
        if (partners[q] == LB_NOT_FOUND)
            continue;
        bool is_right = partners[q] == run->matches[q];
        right += is_right;
        for (size_t e = offsets[q]; e < offsets[q + 1]; e++)
            if (edges[e].profile == partners[q] && edges[e].worth >= LINKED) {
                into->links++;
                into->right += is_right;
            }
    }
    into->precision = proportion(into->right, into->links);
    into->recall = proportion(into->right, known);
    into->top1 = proportion(right, known);
    lb_free(edges);
    lb_free(offsets);
    lb_free(partners);
    return status;
}

static void count_links(const lb_attack *run) {
    static const double levels[LB_LINK_LEVELS] = {0.5, 0.9, 0.99};
    for (size_t q = 0; q < run->scores.queries; q++)
        for (size_t l = 0; l < LB_LINK_LEVELS; l++)
            run->result->links[l] += run->outcomes[q].probability >= levels[l];
}

static int report(lb_attack *run, lb_error *error) {
    const lb_scores *scores = &run->scores;
    double candidates = 0, found = 0, known = 0;
    for (size_t q = 0; q < scores->queries; q++) {
        run->outcomes[q] = outcome_of(scores, &run->fusion, q, run->people[q], &run->guesses[q]);
        candidates += (double)scores->candidates[q].count;
        found += scores->candidates[q].match != LB_NOT_FOUND ? 1 : 0;
        known += run->outcomes[q].rank ? 1 : 0;
    }
    run->result->queries = scores->queries;
    run->result->mean_candidates = candidates / (double)scores->queries;
    run->result->candidate_recall = known > 0 ? found / known : 0;
    run->result->all_pairs = scores->all_pairs;
    run->result->pruning_loss =
        scores->cohort ? (double)scores->cohort_lost / (double)scores->cohort : 0;
    count_links(run);
    rate_signals(run);
    tabulate_reliability(run);
    int status = judge(run, run->outcomes, &run->result->figures, error);
    if (status == LB_OK)
        status = describe_people(run, error);
    if (status == LB_OK)
        status = rate_sizes(run, error);
    if (status == LB_OK)
        status = assign(run, error);
    if (status == LB_OK && run->options->ablation && !run->learnt)
        status = ablate(run, error);
    return status;
}

int lb_attack_run(lb_attack *run, lb_error *error) {
    size_t queries = run->queries->count;
    run->people = lb_alloc(queries + 1, sizeof *run->people);
    run->outcomes = lb_alloc(queries + 1, sizeof *run->outcomes);
    run->guesses = lb_alloc(queries + 1, sizeof *run->guesses);
    if (!run->people || !run->outcomes || !run->guesses)
        return lb_fail_memory(error, "the attack");
    for (size_t q = 0; q < queries; q++)
        run->people[q] = lb_side_unit_hash(run->queries, q);
    int status = score(run, error);
    if (status < 0)
        return status;
    lb_progress_report(run->options->progress, "learning to link", 0, 0);
    status = fuse(run, 0, &run->fusion, error);
    return status == LB_OK ? report(run, error) : status;
}

void lb_attack_clear(lb_attack *run) {
    lb_fusion_free(&run->fusion);
    lb_scores_free(&run->scores);
    lb_free(run->people);
    lb_free(run->outcomes);
    lb_free(run->guesses);
    run->people = NULL;
    run->outcomes = NULL;
    run->guesses = NULL;
}

lb_split_options lb_attack_split_options(const lb_link_options *options) {
    return (lb_split_options){.rule = options->split,
                              .min_messages = options->min_messages ? options->min_messages
                                                                    : LB_LINK_MIN_MESSAGES,
                              .seed = options->seed};
}

int lb_attack_split(lb_attack *run, const lb_split *split, const lb_link_options *options,
                    lb_error *error) {
    lb_link_result *result = run->result;
    result->shared = split->shared;
    result->split = split->used;
    result->eligible = split->eligible;
    result->distractors = split->distractors;
    result->silent = split->silent;
    result->single = split->single;
    result->few = split->few;
    result->one_side = split->one_side;
    result->trained = split->eligible >= ENOUGH_TO_LEARN;
    if (split->queries.count == 0)
        return LB_OK;
    run->gallery = &split->gallery;
    run->queries = &split->queries;
    run->matches = split->matches;
    run->options = options;
    run->without |= options->without;
    return lb_attack_run(run, error);
}
