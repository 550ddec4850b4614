#include "audit/section/state.h"

void lb_audit_run_state_close(lb_audit_run_state *audit) {
    lb_anonymity_free(&audit->anonymity);
    for (unsigned n = 0; n < LB_NGRAMS_MAX; n++)
        lb_token_result_free(&audit->tokens[n]);
    lb_token_classes_free(&audit->token_classes);
    lb_worst_case_free(&audit->worst_case);
    for (size_t i = 0;
         audit->value_units && i < lb_index_table(audit->index)->quasi_identifier_count; i++)
        lb_free(audit->value_units[i]);
    lb_free(audit->value_units);
    lb_free(audit->numbers);
    lb_index_free(audit->index);
    lb_corpus_free(audit->corpus);
    lb_other_corpus_free(&audit->aux);
    lb_other_corpus_free(&audit->calibrate);
}
