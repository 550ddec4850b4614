#include "cli/job.h"

#include <unistd.h>

#include "cli/command.h"
#include "cli/progress.h"
#include "cli/ratchet.h"

static int run(lb_job *job, const lb_options *options, lb_report_plan *plan, lb_progress_line *line,
               lb_results **results, lb_error *error) {
    lb_ratchet ratchet = {.why = NULL};
    int status = job(results, &options->audit, error);
    lb_progress_clear(line); /* before anything is printed where it stands */
    if (status == LB_OK)
        status = lb_ratchet_plan(&ratchet, plan, options, *results, error);
    if (status == LB_OK)
        status = lb_report_write(*results, plan->targets, plan->count + plan->unlisted, error);
    if (status == LB_OK && options->verbosity >= 0)
        status = lb_report_plan_summary(plan, options, *results, error);
    if (status == LB_OK && options->verbosity >= 0)
        status = lb_ratchet_say(&ratchet, plan, options, error);
    return status;
}

int lb_job_run(lb_job *job, lb_options *options) {
    static lb_report_plan plan;
    lb_error error;
    int status = lb_report_plan_make(&plan, options, options->audit.aux != NULL, &error);
    if (status == LB_OK)
        status = lb_ratchet_check(options, &error);
    if (status < 0)
        return lb_command_fail(&error);
    lb_progress_line line = {.terminal = isatty(STDERR_FILENO)};
    if (options->progress == LB_PROGRESS_ALWAYS ||
        (options->progress == LB_PROGRESS_AUTO && options->verbosity >= 0 && line.terminal)) {
        options->audit.progress = lb_progress_show;
        options->audit.progress_context = &line;
    }
    const char *written[sizeof plan.targets / sizeof *plan.targets];
    for (size_t i = 0; i < plan.count; i++)
        written[i] = plan.targets[i].path;
    options->audit.written = written;
    options->audit.written_count = plan.count;
    lb_results *results = NULL;
    lb_report_folders *folders = NULL;
    plan.targets[plan.count] = (lb_report_target){LB_REPORT_JSON, options->write_baseline};
    status = lb_report_prepare(&folders, plan.targets,
                               plan.count + (options->write_baseline != NULL), &error);
    if (status == LB_OK)
        status = run(job, options, &plan, &line, &results, &error);
    lb_report_folders_leave(folders);
    lb_verdict verdict = status < 0 ? LB_VERDICT_NONE : lb_results_verdict(results);
    bool passed = verdict == LB_VERDICT_NONE || verdict == LB_VERDICT_PASS;
    int code = status < 0 ? lb_command_fail(&error) : passed ? LB_EXIT_DONE : LB_EXIT_BROKEN;
    lb_results_free(results);
    return code;
}
