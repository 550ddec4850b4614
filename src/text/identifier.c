#include "text/identifier.h"

#include <hs/hs.h>
#include <math.h>
#include <stdlib.h>

#include "text/identifier_rules.h"

/* Where to look. A trigger is at most TRIGGER_MAX bytes long and looks at nothing around it, so
 * that a long text can be scanned in windows that overlap by as much. */
enum { TRIGGER_MAX = 64, WINDOW = 1 << 16, SEPARATOR = 0xFF /* is in no UTF-8 */ };

static const struct trigger {
    const char *pattern;
    lb_identifier_rule *rule;
} triggers[] = {
    {"@", lb_rule_at_sign},
    {"://", lb_rule_url_user},
    {"(?i)(?:git(?:hub|lab)|twitter|x|instagram|facebook|fb|linkedin|reddit|tiktok|youtube|medium|"
     "vk|"
     "steamcommunity|stackoverflow|flickr)\\.com/|t\\.me/|wa\\.me/|about\\.me/|paypal\\.me/|"
     "launchpad\\.net/|keybase\\.io/|last\\.fm/|linktr\\.ee/",
     lb_rule_profile},
    {"/[~@]", lb_rule_personal_path},
    {"[0-9]\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]", lb_rule_ipv4},
    {":[0-9A-Fa-f]{0,4}:", lb_rule_ipv6},
    {"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}", lb_rule_mac},
    {"[0-9](?:[ ./()-]{0,2}[0-9]){6}", lb_rule_number},
    {"[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}", lb_rule_iban},
    {"[0-9]{17}X", lb_rule_chinese},
    {"[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]", lb_rule_nino},
    {"[0-9]{7}-?[A-Z]", lb_rule_spanish},
    {"[A-Z][0-9]{2}[A-EHLMPR-T][0-9]{2}[A-Z]", lb_rule_codice_fiscale},
    {"AKIA|ASIA|gh[opsur]_|github_pat_|glpat-|xox[abprs]-|sk-|[sr]k_live_|AIza|ya29\\.|hf_|npm_|"
     "pypi-AgEI|SG\\.|dop_v1_|shpat_",
     lb_rule_secret_prefix},
    {"-----BEGIN ", lb_rule_pem},
    {"eyJ", lb_rule_jwt},
    {"(?i)(?:pass(?:word|wd|phrase)|pwd|secret|token|(?:api|access|auth)[_ -]?key)[\"']?\\s{0,2}"
     "(?:[:=]| is )",
     lb_rule_secret_word},
    {"[13][a-km-zA-HJ-NP-Z1-9]{25}", lb_rule_base58},
    {"(?i)(?:bc|tb|ltc)1[ac-hj-np-z02-9]{8}", lb_rule_bech32},
    {"[0-9]\\.[0-9]{4,14}\\s{0,2}[,; ]\\s{0,2}[-+]?[0-9]{1,3}\\.[0-9]{4}", lb_rule_decimal_degrees},
    {"[0-9]\\xC2\\xB0", lb_rule_degrees},
    {"Street|Avenue|Road|Boulevard|Lane|Drive| St| Ave| Rd| "
     "Blvd|[Ss]tra(?:ss|\\xC3\\x9F)e|[Ss]tr\\.|"
     "weg |gasse |allee |rue |avenue |boulevard |chemin |Calle|Avenida|Via |Viale |Piazza|Rua |"
     "[Uu]l\\. |Ulica",
     lb_rule_street},
    {"[\\[<{][A-Za-z]{2}|[A-Z]_[0-9]", lb_rule_placeholder},
    {"XXXX", lb_rule_crossed_out},
};
enum { TRIGGERS = sizeof triggers / sizeof *triggers };
_Static_assert((int)TRIGGERS <= (int)LB_IDENTIFIER_RULES_MAX, "every trigger has a mark");

struct lb_identifier_patterns {
    hs_database_t *database;
};

typedef struct trigger_hit {
    uint32_t trigger, end; /* end: in the window */
} trigger_hit;

struct lb_identifier_scanner {
    const lb_identifier_patterns *patterns;
    hs_scratch_t *scratch;
    char *window; /* [WINDOW] short texts with SEPARATOR between them */
    trigger_hit *hits;
    size_t hit_count, hit_capacity;
    lb_findings findings;
    size_t marks[LB_IDENTIFIER_RULES_MAX]; /* of the current text */
};

int lb_identifier_patterns_new(lb_identifier_patterns **out, lb_error *error) {
    lb_identifier_patterns *patterns = lb_alloc_zero(1, sizeof *patterns);
    if (!patterns)
        return lb_fail_memory(error, "compiling the patterns");
    const char *expressions[TRIGGERS];
    unsigned flags[TRIGGERS], ids[TRIGGERS];
    for (unsigned i = 0; i < TRIGGERS; i++) {
        expressions[i] = triggers[i].pattern;
        flags[i] = HS_FLAG_DOTALL;
        ids[i] = i;
    }
    hs_compile_error_t *fault = NULL;
    if (hs_compile_multi(expressions, flags, ids, TRIGGERS, HS_MODE_BLOCK, NULL,
                         &patterns->database, &fault) != HS_SUCCESS) {
        int status = lb_fail(error, LB_E_RESOURCE, "compiling the patterns",
                             "leave identifiers out with --measures=-identifiers", "%s",
                             fault ? fault->message : "vectorscan gives no reason");
        hs_free_compile_error(fault);
        lb_free(patterns);
        return status;
    }
    *out = patterns;
    return LB_OK;
}

void lb_identifier_patterns_free(lb_identifier_patterns *patterns) {
    if (!patterns)
        return;
    hs_free_database(patterns->database);
    lb_free(patterns);
}

int lb_identifier_scanner_new(lb_identifier_scanner **out, const lb_identifier_patterns *patterns,
                              lb_error *error) {
    lb_identifier_scanner *scanner = lb_alloc_zero(1, sizeof *scanner);
    if (!scanner)
        return lb_fail_memory(error, "looking for identifiers");
    scanner->patterns = patterns;
    scanner->window = lb_alloc(WINDOW, 1);
    if (!scanner->window || hs_alloc_scratch(patterns->database, &scanner->scratch) != HS_SUCCESS) {
        lb_identifier_scanner_free(scanner);
        return lb_fail_memory(error, "looking for identifiers");
    }
    *out = scanner;
    return LB_OK;
}

void lb_identifier_scanner_free(lb_identifier_scanner *scanner) {
    if (!scanner)
        return;
    hs_free_scratch(scanner->scratch);
    lb_free(scanner->window);
    lb_free(scanner->hits);
    lb_free(scanner->findings.items);
    lb_free(scanner);
}

void lb_findings_add(lb_findings *findings, lb_identifier_type type, const char *kind, size_t start,
                     size_t end) {
    lb_identifier *grown = lb_grow(findings->items, &findings->capacity, findings->count + 1,
                                   sizeof *grown, findings->error);
    if (!grown) {
        findings->status = LB_E_RESOURCE;
        return;
    }
    findings->items = grown;
    findings->items[findings->count++] = (lb_identifier){type, kind, start, end - start};
}

bool lb_text_has(lb_str text, size_t at, const char *what) {
    for (; *what; what++, at++) {
        char c = lb_byte_at(text, at);
        if ((lb_is_upper(c) ? c | 32 : c) != *what)
            return false;
    }
    return true;
}

bool lb_text_is_one_of(lb_str text, size_t start, size_t end, const char *const *words) {
    for (; *words; words++)
        if (strlen(*words) == end - start && lb_text_has(text, start, *words))
            return true;
    return false;
}

bool lb_word_before(lb_str text, size_t at, size_t reach, const char *const *words) {
    size_t from = at > reach ? at - reach : 0;
    for (; *words; words++) {
        size_t size = strlen(*words);
        for (size_t i = from; i + size <= at; i++)
            if (lb_text_has(text, i, *words) &&
                ((unsigned char)**words >= 0x80 || !lb_is_alnum(lb_byte_at(text, i - 1))))
                return true;
    }
    return false;
}

double lb_text_entropy(lb_str text) {
    size_t counts[256] = {0};
    double bits = 0;
    for (size_t i = 0; i < text.size; i++)
        counts[(unsigned char)text.data[i]]++;
    for (size_t i = 0; i < 256; i++)
        if (counts[i]) {
            double share = (double)counts[i] / (double)text.size;
            bits -= share * log2(share);
        }
    return bits;
}

static int on_trigger(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                      void *context) {
    (void)from;
    (void)flags;
    lb_identifier_scanner *scanner = context;
    trigger_hit *grown = lb_grow(scanner->hits, &scanner->hit_capacity, scanner->hit_count + 1,
                                 sizeof *grown, scanner->findings.error);
    if (!grown) {
        scanner->findings.status = LB_E_RESOURCE;
        return 1;
    }
    scanner->hits = grown;
    scanner->hits[scanner->hit_count++] = (trigger_hit){id, (uint32_t)to};
    return 0;
}

static int by_end(const void *a, const void *b) {
    const trigger_hit *x = a, *y = b;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    return (x->trigger > y->trigger) - (x->trigger < y->trigger);
}

/* Vectorscan promises no order, though it mostly keeps one. */
static void order_hits(lb_identifier_scanner *scanner) {
    for (size_t i = 1; i < scanner->hit_count; i++)
        if (by_end(&scanner->hits[i - 1], &scanner->hits[i]) > 0) {
            qsort(scanner->hits, scanner->hit_count, sizeof *scanner->hits, by_end);
            return;
        }
}

static int scan(lb_identifier_scanner *scanner, const char *bytes, size_t size) {
    scanner->hit_count = 0;
    hs_error_t status = hs_scan(scanner->patterns->database, bytes, (unsigned)size, 0,
                                scanner->scratch, on_trigger, scanner);
    if (scanner->findings.status < 0)
        return scanner->findings.status;
    order_hits(scanner);
    return status == HS_SUCCESS
               ? LB_OK
               : lb_fail_memory(scanner->findings.error, "looking for identifiers");
}

static void begin_text(lb_identifier_scanner *scanner, lb_str text) {
    scanner->findings.text = text;
    scanner->findings.count = 0;
    for (size_t i = 0; i < TRIGGERS; i++)
        scanner->marks[i] = 0;
}

static void apply_rule(lb_identifier_scanner *scanner, uint32_t trigger, size_t at) {
    scanner->findings.mark = scanner->marks[trigger];
    triggers[trigger].rule(&scanner->findings, at);
    scanner->marks[trigger] = scanner->findings.mark;
}

static int by_place(const void *a, const void *b) {
    const lb_identifier *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->type != y->type)
        return x->type < y->type ? -1 : 1;
    return (x->size < y->size) - (x->size > y->size);
}

/* Sorted, and of findings that overlap only the strongest. */
static void settle(lb_findings *findings) {
    qsort(findings->items, findings->count, sizeof *findings->items, by_place);
    size_t kept = 0;
    for (size_t i = 0; i < findings->count; i++) {
        const lb_identifier *next = &findings->items[i];
        lb_identifier *last = kept > 0 ? &findings->items[kept - 1] : NULL;
        if (!last || next->start >= last->start + last->size)
            findings->items[kept++] = *next;
        else if (next->type < last->type)
            *last = *next;
    }
    findings->count = kept;
}

static int end_text(lb_identifier_scanner *scanner, size_t number, lb_identifier_sink *sink,
                    void *context) {
    lb_findings *findings = &scanner->findings;
    if (findings->status < 0 || findings->count == 0)
        return findings->status;
    if (findings->count > 1)
        settle(findings);
    return sink(context, number, findings->items, findings->count, findings->error);
}

/* A text that fills windows of its own. What ends in the overlap was seen in the window before. */
static int find_in_long(lb_identifier_scanner *scanner, lb_str text, size_t number,
                        lb_identifier_sink *sink, void *context) {
    begin_text(scanner, text);
    for (size_t start = 0, seen = 0; seen < text.size; start = seen - TRIGGER_MAX) {
        size_t size = text.size - start < WINDOW ? text.size - start : WINDOW;
        int status = scan(scanner, text.data + start, size);
        if (status < 0)
            return status;
        for (size_t i = 0; i < scanner->hit_count; i++)
            if (start + scanner->hits[i].end > seen)
                apply_rule(scanner, scanner->hits[i].trigger, start + scanner->hits[i].end);
        seen = start + size;
    }
    return end_text(scanner, number, sink, context);
}

/* Texts that share a window. */
static int find_in_short(lb_identifier_scanner *scanner, const lb_str *texts, size_t first,
                         size_t end, lb_identifier_sink *sink, void *context) {
    size_t used = 0, start = 0, text = first;
    for (size_t i = first; i < end; i++) {
        if (texts[i].size > 0)
            memcpy(scanner->window + used, texts[i].data, texts[i].size);
        used += texts[i].size;
        scanner->window[used++] = (char)SEPARATOR;
    }
    int status = scan(scanner, scanner->window, used);
    bool begun = false;
    for (size_t i = 0; status == LB_OK && i < scanner->hit_count; i++) {
        size_t at = scanner->hits[i].end;
        while (at > start + texts[text].size) { /* the text is over: its separator comes before */
            status = begun ? end_text(scanner, text, sink, context) : LB_OK;
            begun = false;
            start += texts[text++].size + 1;
            if (status < 0)
                return status;
        }
        if (!begun)
            begin_text(scanner, texts[text]);
        begun = true;
        apply_rule(scanner, scanner->hits[i].trigger, at - start);
    }
    return status == LB_OK && begun ? end_text(scanner, text, sink, context) : status;
}

int lb_identifiers_find(lb_identifier_scanner *scanner, const lb_str *texts, size_t count,
                        lb_identifier_sink *sink, void *context, lb_error *error) {
    scanner->findings.error = error;
    scanner->findings.status = LB_OK;
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count;) {
        size_t end = i, used = 0;
        while (end < count && texts[end].size < WINDOW - used) {
            used += texts[end].size + 1;
            end++;
        }
        if (end == i) {
            status = find_in_long(scanner, texts[i], i, sink, context);
            i++;
        } else {
            status = find_in_short(scanner, texts, i, end, sink, context);
            i = end;
        }
    }
    return status;
}

const char *lb_identifier_type_name(lb_identifier_type type) {
    static const char *const names[LB_IDENTIFIER_TYPES] = {
        "secret", "crypto", "iban", "card",        "national_id", "email",  "url_user",
        "phone",  "ip",     "mac",  "coordinates", "street",      "handle", "placeholder"};
    return names[type];
}
