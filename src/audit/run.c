#include <gsl/gsl_errno.h>
#include <sys/resource.h>
#include <time.h>

#include "audit/baseline.h"
#include "audit/policy/gate.h"
#include "audit/run_options.h"
#include "audit/section/sections.h"
#include "audit/version.h"
#include "results/json_value.h"

static double seconds(struct timeval time) {
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

static double wall_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* When, how long, with what: the provenance of the figures. */
static int put_run(lb_audit_run_state *audit, const lb_audit_options *options, lb_job job,
                   time_t started, double elapsed, lb_error *error) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    json_t *run = lb_results_section(audit->results, "run");
    bool ok =
        lb_json_set(run, "job", json_string(lb_job_name(job))) &&
        lb_json_set(run, "started", lb_json_time((int64_t)started * 1000000)) &&
        lb_json_set(run, "elapsed_seconds", lb_json_number(elapsed)) &&
        lb_json_set(run, "cpu_seconds",
                    lb_json_number(seconds(usage.ru_utime) + seconds(usage.ru_stime))) &&
        lb_json_set(run, "peak_rss_bytes", lb_json_count((uint64_t)usage.ru_maxrss * 1024)) &&
        lb_json_set(run, "command", lb_json_texts(options->command, options->command_count)) &&
        lb_json_set(run, "configuration", lb_run_configuration(audit->settings)) &&
        lb_json_set(run, "options", lb_run_options(audit, options, job)) &&
        lb_json_set(run, "baseline", lb_json_text(lb_str_of(audit->settings->baseline))) &&
        lb_json_set(run, "seed", lb_json_count(audit->settings->seed)) &&
        lb_json_set(run, "threads", lb_json_count(audit->settings->threads)) &&
        lb_json_set(run, "ranks", lb_json_count(1)) &&
        lb_json_set(run, "revealed", json_boolean(audit->settings->reveal)) &&
        (!audit->settings->title ||
         lb_json_set(lb_results_section(audit->results, "corpus"), "title",
                     lb_json_text(lb_str_of(audit->settings->title)))) &&
        lb_json_set(lb_results_section(audit->results, "tool"), "libraries",
                    lb_version_libraries());
    return ok ? LB_OK : lb_fail_memory(error, "describing the run");
}

/* All that is to be read, so that what cannot be is told before anything is measured. */
static int open_corpora(lb_audit_run_state *audit, lb_error *error) {
    const lb_settings *settings = audit->settings;
    lb_other_input calibrate = {.path = settings->calibrate};
    lb_corpus_options corpus = settings->corpus;
    corpus.without_ids = true; /* no measure looks at them */
    int status = lb_corpus_open(&audit->corpus, &corpus, error);
    if (status == LB_OK && settings->aux.path)
        status = lb_other_corpus_open(&audit->aux, settings, &settings->aux, error);
    if (status == LB_OK && settings->calibrate)
        status = lb_other_corpus_open(&audit->calibrate, settings, &calibrate, error);
    return status;
}

/* Without a text and without a field that is named there is nothing that a figure could be about. */
static int check_subject(const lb_audit_run_state *audit, lb_error *error) {
    size_t fields, sources;
    lb_corpus_attributes(audit->corpus, &fields);
    const lb_source *source = lb_corpus_sources(audit->corpus, &sources);
    if (lb_corpus_has_text(audit->corpus) || fields > 0 || audit->settings->try_keys)
        return LB_OK;
    return lb_fail(error, LB_E_INPUT, sources == 1 ? source->path : "the inputs",
                   "name the text with --map text=FIELD, or of a table the fields with --qi "
                   "FIELD,...; `linkback inspect` lists them",
                   "there is nothing to measure: no field holds text, and no field is named");
}

static int read_and_measure(lb_audit_run_state *audit, const json_t *baseline, lb_job job,
                            lb_error *error) {
    const lb_settings *settings = audit->settings;
    int status = open_corpora(audit, error);
    if (status == LB_OK)
        status = check_subject(audit, error);
    if (status < 0)
        return status;
    const unsigned of_rows = LB_MEASURE_QI | LB_MEASURE_SUDA | LB_MEASURE_INFERENCE |
                             LB_MEASURE_POPULATION | LB_MEASURE_LINK;
    bool unicity = settings->measures & LB_MEASURE_UNICITY;
    bool tokens = unicity || settings->measures & LB_MEASURE_TOKENS;
    lb_index_options options = {.threads = settings->threads,
                                .ngrams = tokens ? settings->ngrams : 0,
                                .memory = settings->memory,
                                .without_rows = !(settings->measures & of_rows),
                                .keep_texts =
                                    settings->aux.path ||
                                    settings->measures &
                                        (LB_MEASURE_UNICITY | LB_MEASURE_LINK | LB_MEASURE_WHAT_IF |
                                         LB_MEASURE_IDENTIFIERS | LB_MEASURE_CONSENT),
                                .accepted_consent = settings->accepted_consent,
                                .accepted_consent_count = settings->accepted_consent_count,
                                .tmpdir = settings->tmpdir,
                                .progress = &settings->progress};
    status = lb_index_build(&audit->index, audit->corpus, &options, error);
    if (status == LB_OK)
        status = lb_baseline_check(baseline, audit, error);
    if (status == LB_OK)
        status = lb_results_new(&audit->results, error);
    return status == LB_OK ? lb_sections_run(audit, job, error) : status;
}

static int run_job(lb_results **out, const lb_audit_options *options, lb_job job, lb_error *error) {
    gsl_set_error_handler_off(); /* GSL's own handler aborts; we check what functions return */
    time_t started = time(NULL);
    double began = wall_clock();
    lb_settings *settings = NULL;
    json_t *baseline = NULL;
    int status = lb_settings_make(&settings, options, error);
    if (status == LB_OK)
        status = lb_baseline_load(&baseline, settings, job, error);
    lb_audit_run_state audit = {.settings = settings, .started = (int64_t)started};
    if (status == LB_OK)
        status = read_and_measure(&audit, baseline, job, error);
    lb_gate_verdict verdict;
    if (status == LB_OK)
        status = put_run(&audit, options, job, started, wall_clock() - began, error);
    if (status == LB_OK) /* last: it reads what the figures were measured with, too */
        status = lb_gate_run(audit.results, (const lb_policy *const *)settings->policies,
                             settings->policy_count, baseline, lb_date_of_seconds(started),
                             &verdict, error);
    lb_audit_run_state_close(&audit);
    json_decref(baseline);
    lb_settings_free(settings);
    if (status < 0) {
        lb_results_free(audit.results);
        return status;
    }
    *out = audit.results;
    return LB_OK;
}

int lb_audit_run(lb_results **out, const lb_audit_options *options, lb_error *error) {
    return run_job(out, options, LB_JOB_AUDIT, error);
}

int lb_link_run(lb_results **out, const lb_audit_options *options, lb_error *error) {
    if (!options->aux)
        return lb_fail(error, LB_E_USAGE, "link", "name the corpus to link to",
                       "only one corpus is named");
    return run_job(out, options, LB_JOB_LINK, error);
}

lb_verdict lb_results_verdict(const lb_results *results) {
    const char *verdict = json_string_value(lb_results_at(results, "gate.verdict"));
    if (verdict && strcmp(verdict, "pass") == 0)
        return LB_VERDICT_PASS;
    if (verdict && strcmp(verdict, "fail") == 0)
        return LB_VERDICT_FAIL;
    return verdict && strcmp(verdict, "undecided") == 0 ? LB_VERDICT_UNDECIDED : LB_VERDICT_NONE;
}
