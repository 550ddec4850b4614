#include "audit/side/other_corpus.h"

int lb_other_corpus_open(lb_other_corpus *other, const lb_settings *settings,
                         const lb_other_input *input, lb_error *error) {
    const char *const inputs[] = {input->path};
    lb_corpus_options options = settings->corpus;
    bool own = input->format || input->map_count > 0;
    bool borrowed = !own && (options.format || options.map_count > 0);
    *other = (lb_other_corpus){0};
    options.inputs = inputs;
    options.input_count = 1;
    options.named_count = 0;
    options.quasi_identifiers = options.sensitive = NULL;
    options.quasi_identifier_count = options.sensitive_count = 0;
    options.quasi_identifiers_set = options.sensitive_set = true;
    options.weight = NULL;
    options.without_ids = true;
    if (own) {
        options.format = input->format;
        options.maps = input->maps;
        options.map_count = input->map_count;
    }
    int status = lb_corpus_open(&other->corpus, &options, borrowed ? NULL : error);
    if (status < 0 && borrowed) {
        options.format = NULL;
        options.maps = NULL;
        options.map_count = 0;
        other->fell_back = true;
        status = lb_corpus_open(&other->corpus, &options, error);
    }
    if (status == LB_OK && !lb_corpus_has_text(other->corpus)) {
        lb_other_corpus_free(other);
        status = lb_fail(error, LB_E_INPUT, input->path, "give a corpus of conversations",
                         "has no text that people could have written");
    }
    return status;
}

int lb_other_corpus_read(lb_other_corpus *other, const lb_settings *settings, lb_error *error) {
    lb_index_options options = {.threads = settings->threads,
                                .keep_texts = true,
                                .memory = settings->memory,
                                .tmpdir = settings->tmpdir,
                                .progress = &settings->progress};
    return lb_index_build(&other->index, other->corpus, &options, error);
}

void lb_other_corpus_free(lb_other_corpus *other) {
    lb_index_free(other->index);
    lb_corpus_free(other->corpus);
    *other = (lb_other_corpus){0};
}
