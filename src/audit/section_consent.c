#include "audit/json_value.h"
#include "audit/section.h"

int lb_section_consent(lb_audit_run_state *audit, lb_error *error) {
    (void)audit;
    (void)error;
    return LB_OK;
}
