#include "audit/policy/settings_private.h"

int lb_settings_name_files(lb_settings *settings, const lb_audit_options *options,
                           lb_error *error) {
    const lb_named_file single[] = {
        {options->config ? options->config : "linkback.yaml", "it is the configuration", false},
        {settings->baseline, "it is the report of --baseline", false},
        {settings->population_table, "it is the table of --population-table", false},
        {settings->opted_out, "it is the list of --opted-out", true},
        {settings->aux.path, "it is the other corpus, which is linked against and not audited",
         true},
        {settings->truth, "it is the list of --truth", true},
        {settings->calibrate, "it is the corpus of --calibrate, which is not audited", true},
        {settings->try_keys, "it is the list of --try-keys", true}};
    enum { SINGLE = sizeof single / sizeof *single };
    size_t most =
        SINGLE + options->policy_count + settings->hierarchy_count + options->written_count;
    lb_named_file *named = lb_arena_alloc(settings->arena, most, sizeof *named);
    if (!named)
        return lb_fail_memory(error, "reading the options");
    size_t count = 0;
    for (size_t i = 0; i < SINGLE; i++)
        if (single[i].path)
            named[count++] = single[i];
    for (size_t i = 0; i < options->policy_count; i++)
        named[count++] = (lb_named_file){options->policies[i], "it is a policy", false};
    for (size_t i = 0; i < settings->hierarchy_count; i++)
        named[count++] = (lb_named_file){settings->hierarchies[i].file,
                                         "it is a hierarchy of --hierarchy", false};
    for (size_t i = 0; i < options->written_count; i++)
        named[count++] =
            (lb_named_file){options->written[i], "this run writes its report there", false};
    settings->corpus.named = named;
    settings->corpus.named_count = count;
    return LB_OK;
}
