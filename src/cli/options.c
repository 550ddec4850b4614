#include "cli/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int wrong(lb_error *error, const lb_option *line, const char *mend, const char *what) {
    char where[64];
    snprintf(where, sizeof where, "--%s", line->name);
    return lb_fail(error, LB_E_USAGE, where, mend, "%s", what);
}

static int parse_count(const lb_option *line, const char *text, uint64_t least, uint64_t most,
                       uint64_t *value, lb_error *error) {
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (errno == 0 && end != text && *end == '\0' && text[0] != '-' && number >= least &&
        number <= most) {
        *value = number;
        return LB_OK;
    }
    char what[LB_ERROR_WHAT_MAX], mend[128];
    snprintf(what, sizeof what, "\"%s\" is not a number that will do", text);
    if (most == UINT64_MAX)
        snprintf(mend, sizeof mend, "give a whole number from %llu up", (unsigned long long)least);
    else
        snprintf(mend, sizeof mend, "give a whole number from %llu to %llu",
                 (unsigned long long)least, (unsigned long long)most);
    return wrong(error, line, mend, what);
}

/* "512M", "8G", "1048576": powers of 1024; "MB" and "MiB" mean the same. */
static int parse_size(const lb_option *line, const char *text, uint64_t *value, lb_error *error) {
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    unsigned shift = 0;
    static const char units[] = "KMGT";
    const char *unit = *end ? strchr(units, *end >= 'a' ? *end - 'a' + 'A' : *end) : NULL;
    if (unit) {
        shift = 10 * (unsigned)(unit - units + 1);
        end++;
        end += strcmp(end, "B") == 0 ? 1 : strcmp(end, "iB") == 0 ? 2 : 0;
    }
    if (errno != 0 || end == text || *end != '\0' || text[0] == '-' ||
        number > UINT64_MAX >> shift || (*value = number << shift) < 1 << 20)
        return wrong(error, line, "give a size such as 512M or 8G, at least 1M",
                     "not a size that will do");
    return LB_OK;
}

static int parse_fraction(const lb_option *line, const char *text, double *value, lb_error *error) {
    char *end;
    *value = strtod(text, &end);
    if (end == text || *end != '\0' || !(*value > 0 && *value <= 1))
        return wrong(error, line, "give a number above 0, at most 1",
                     "not a fraction that will do");
    return LB_OK;
}

static int parse_progress(const lb_option *line, const char *text, lb_progress_when *when,
                          lb_error *error) {
    static const char *const names[] = {"auto", "always", "never"};
    for (int i = 0; i < 3; i++)
        if (strcmp(text, names[i]) == 0) {
            *when = (lb_progress_when)i;
            return LB_OK;
        }
    char mend[LB_ERROR_MEND_MAX];
    lb_name_suggest(mend, "", text, names, 3, "give auto, always or never");
    return wrong(error, line, mend, "no such choice");
}

/* The list that was given so far, and what is added to it. */
static int join(lb_options *options, const lb_option *line, const char **at, const char *value,
                lb_error *error) {
    if (!*at) {
        *at = value;
        return LB_OK;
    }
    char *joined = malloc(strlen(*at) + strlen(value) + 2);
    if (!joined)
        return lb_fail_memory(error, "reading the command line");
    sprintf(joined, "%s,%s", *at, value);
    size_t row = (size_t)(line - lb_option_table);
    free(options->joined[row]);
    *at = options->joined[row] = joined;
    return LB_OK;
}

static int put(lb_options *options, const lb_option *line, const char *value, lb_error *error) {
    void *at = (char *)options + line->at, *also = (char *)options + line->also;
    uint64_t number = 1;
    int status = LB_OK;
    switch (line->kind) {
    case LB_VALUE_TEXT:
        *(const char **)at = value;
        break;
    case LB_VALUE_WORDS:
        return join(options, line, at, value, error);
    case LB_VALUE_LIST:
        if (*(size_t *)also == LB_OPTIONS_MANY)
            return wrong(error, line, "give it fewer times", "the option is repeated too often");
        ((const char **)at)[(*(size_t *)also)++] = value;
        break;
    case LB_VALUE_NUMBER:
        status = parse_count(line, value, 1, line->most, &number, error);
        *(unsigned *)at = (unsigned)number;
        break;
    case LB_VALUE_COUNT:
        status = parse_count(line, value, line->least, UINT64_MAX, at, error);
        if (line->also)
            *(bool *)also = true;
        break;
    case LB_VALUE_SIZE:
        return parse_size(line, value, at, error);
    case LB_VALUE_FRACTION:
        return parse_fraction(line, value, at, error);
    case LB_VALUE_PROGRESS:
        return parse_progress(line, value, at, error);
    case LB_VALUE_SWITCH:
        *(bool *)at = true;
        break;
    case LB_VALUE_QUIET:
    case LB_VALUE_VERBOSE:
        *(int *)at = line->kind == LB_VALUE_QUIET ? -1 : 1;
        break;
    }
    return status;
}

/* Which of two values somebody meant is not for the program to guess. */
static int take(lb_options *options, const lb_option *line, const char *value, lb_error *error) {
    const char **given = &options->given[line - lb_option_table];
    bool adds_up = line->kind == LB_VALUE_WORDS || line->kind == LB_VALUE_LIST;
    if (line->argument && *value == '\0' && line->kind != LB_VALUE_WORDS)
        return wrong(error, line, "give it one, or leave the option out", "the value is empty");
    if (*given && !adds_up && strcmp(*given, value) != 0) {
        char what[LB_ERROR_WHAT_MAX];
        snprintf(what, sizeof what, "it is given twice, as %s and as %s", *given, value);
        return wrong(error, line, "give it once", what);
    }
    *given = value;
    return put(options, line, value, error);
}

/* What is left of a command line. */
typedef struct words {
    int at, count;
    char **arguments;
    unsigned sets;
} words;

static bool is_known(const lb_option *line, unsigned sets) {
    return line->name && line->set & (sets | LB_OPTIONS_HELP);
}

/* The option of that name, or the one of which it is the beginning. */
static int find_long(const char *name, size_t length, unsigned sets, const lb_option **found,
                     lb_error *error) {
    const char *names[LB_OPTIONS_KNOWN];
    const lb_option *begins = NULL, *also = NULL;
    size_t known = 0;
    for (size_t i = 0; i < lb_option_count; i++) {
        const lb_option *line = &lb_option_table[i];
        if (!is_known(line, sets))
            continue;
        names[known++] = line->name;
        if (length == 0 || strncmp(line->name, name, length) != 0)
            continue;
        if (line->name[length] == '\0') {
            *found = line;
            return LB_OK;
        }
        also = begins;
        begins = line;
    }
    char where[64], mend[LB_ERROR_MEND_MAX];
    snprintf(where, sizeof where, "--%.*s", (int)length, name);
    if (also) {
        snprintf(mend, sizeof mend, "write --%s or --%s", also->name, begins->name);
        return lb_fail(error, LB_E_USAGE, where, mend, "more than one option begins so");
    }
    if (begins) {
        *found = begins;
        return LB_OK;
    }
    lb_name_suggest(mend, "--", where + 2, names, known, "--help lists the options");
    return lb_fail(error, LB_E_USAGE, where, mend, "no such option");
}

/* The value that stands behind an option as a word of its own. */
static int next_value(words *w, const lb_option *line, const char **value, lb_error *error) {
    const char *next = w->at + 1 < w->count ? w->arguments[w->at + 1] : NULL;
    if (!next)
        return wrong(error, line, "give it a value", "the value is missing");
    if (strncmp(next, "--", 2) == 0) {
        char mend[LB_ERROR_MEND_MAX];
        snprintf(mend, sizeof mend, "give it one; if %s is one, write --%s=%s", next, line->name,
                 next);
        return wrong(error, line, mend, "the value is missing");
    }
    w->at++;
    *value = next;
    return LB_OK;
}

static int take_long(lb_options *options, words *w, lb_error *error) {
    const char *name = w->arguments[w->at] + 2, *value = "";
    size_t length = strcspn(name, "=");
    const lb_option *line;
    int status = find_long(name, length, w->sets, &line, error);
    if (status < 0)
        return status;
    if (name[length] == '=' && !line->argument)
        return wrong(error, line, "leave the value out", "the option takes no value");
    if (name[length] == '=')
        value = name + length + 1;
    else if (line->argument)
        status = next_value(w, line, &value, error);
    return status < 0 ? status : take(options, line, value, error);
}

static const lb_option *find_letter(char letter, unsigned sets) {
    for (size_t i = 0; i < lb_option_count; i++)
        if (is_known(&lb_option_table[i], sets) && lb_option_table[i].letter == letter)
            return &lb_option_table[i];
    return NULL;
}

/* "-qv", "-oDIR", "-o DIR". */
static int take_letters(lb_options *options, words *w, lb_error *error) {
    int status = LB_OK;
    for (const char *at = w->arguments[w->at] + 1; status == LB_OK && *at; at++) {
        const lb_option *line = find_letter(*at, w->sets);
        const char *value = "";
        if (!line)
            return lb_fail(error, LB_E_USAGE, w->arguments[w->at],
                           "--help lists the options; an input that begins with - stands behind --",
                           "no such option");
        if (line->argument && at[1])
            value = at + 1;
        else if (line->argument)
            status = next_value(w, line, &value, error);
        if (status == LB_OK)
            status = take(options, line, value, error);
        if (line->argument)
            break;
    }
    return status;
}

int lb_options_parse(lb_options *options, unsigned sets, int count, char **arguments,
                     lb_error *error) {
    *options = (lb_options){0};
    options->inputs = calloc((size_t)count, sizeof *options->inputs);
    if (!options->inputs)
        return lb_fail_memory(error, "reading the command line");
    words w = {1, count, arguments, sets};
    bool ended = false;
    int status = LB_OK;
    for (; status == LB_OK && w.at < count; w.at++) {
        const char *word = arguments[w.at];
        if (ended || word[0] != '-' || word[1] == '\0')
            options->inputs[options->audit.input_count++] = word;
        else if (strcmp(word, "--") == 0)
            ended = true;
        else
            status =
                word[1] == '-' ? take_long(options, &w, error) : take_letters(options, &w, error);
    }
    options->audit.inputs = options->inputs;
    options->audit.maps = options->maps;
    options->audit.aux_maps = options->aux_maps;
    options->audit.policies = options->policies;
    options->audit.hierarchies = options->hierarchies;
    options->audit.command = (const char *const *)arguments;
    options->audit.command_count = (size_t)count;
    return status;
}

void lb_options_free(lb_options *options) {
    free(options->inputs);
    for (size_t i = 0; i < LB_OPTIONS_KNOWN; i++)
        free(options->joined[i]);
}
