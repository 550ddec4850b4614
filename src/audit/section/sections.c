#include "audit/section/sections.h"

static const struct section {
    lb_section_run *run;
    unsigned jobs;
} sections[] = {
#define LB_SECTION(name, jobs) {lb_section_##name, jobs},
#include "audit/section/sections.def"
};

int lb_sections_run(lb_audit_run_state *audit, lb_job job, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < sizeof sections / sizeof *sections; i++)
        if (sections[i].jobs & job)
            status = sections[i].run(audit, error);
    return status;
}

const char *lb_job_name(lb_job job) {
    return job == LB_JOB_LINK ? "link" : "audit";
}
