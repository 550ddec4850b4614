#include "corpus/mapping/path.h"

static bool has_call(const char *at) {
    return strncmp(at, "text()", 6) == 0 || strncmp(at, "file(", 5) == 0 ||
           strncmp(at, "folder()", 8) == 0 || strncmp(at, "key()", 5) == 0;
}

static size_t count_steps(const char *text) {
    size_t count = 1;
    for (; *text; text++)
        count += *text == '.' || *text == '[' || *text == '{';
    return count;
}

static int fail(lb_error *error, const char *where, const char *text, const char *what) {
    return lb_fail(error, LB_E_USAGE, where,
                   "write a path such as user, author.id, messages[].content or @user",
                   "the path \"%s\" %s", text, what);
}

int lb_path_parse(lb_path *out, const char *text, const char *where, lb_arena *arena,
                  lb_error *error) {
    char *copy = lb_arena_copy(arena, text, strlen(text));
    lb_step *steps = lb_arena_alloc(arena, count_steps(text), sizeof *steps);
    if (!copy || !steps)
        return lb_fail_memory(error, "reading a path");
    size_t count = 0;
    const char *at = copy;
    while (*at) {
        size_t size = has_call(at) ? strcspn(at, ")") + 1 : strcspn(at, ".[{");
        if (size > strlen(at))
            return fail(error, where, text, "has no closing bracket");
        if (size > 0)
            steps[count++] = (lb_step){LB_STEP_FIELD, {at, size}};
        at += size;
        bool iterated = false;
        for (; *at == '[' || *at == '{'; at += 2) {
            bool array = *at == '[';
            if (at[1] != (array ? ']' : '}'))
                return fail(error, where, text, "has brackets that are not empty");
            steps[count++] = (lb_step){.kind = array ? LB_STEP_ELEMENTS : LB_STEP_VALUES};
            iterated = true;
        }
        if (size == 0 && !iterated)
            return fail(error, where, text, "has an empty step");
        if (*at == '.' && !*++at)
            return fail(error, where, text, "ends in a dot");
    }
    if (count == 0)
        return fail(error, where, text, "is empty");
    *out = (lb_path){steps, count};
    return LB_OK;
}

bool lb_path_begins(lb_path path, lb_path prefix) {
    if (path.count < prefix.count)
        return false;
    for (size_t i = 0; i < prefix.count; i++) {
        const lb_step *a = &path.steps[i], *b = &prefix.steps[i];
        if (b->kind == LB_STEP_VALUES && a->kind != LB_STEP_ELEMENTS)
            continue;
        if (a->kind != b->kind || !lb_str_equal(a->name, b->name))
            return false;
    }
    return true;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

unsigned lb_name_distance(lb_str a, lb_str b) {
    enum { MOST = 63 };
    size_t n = a.size < MOST ? a.size : MOST, m = b.size < MOST ? b.size : MOST;
    unsigned rows[3][MOST + 1];
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned *now = rows[i % 3];
        const unsigned *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            char x = lower(a.data[i - 1]), y = lower(b.data[j - 1]);
            unsigned best = last[j - 1] + (x != y);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && x == lower(b.data[j - 2]) && y == lower(a.data[i - 2]) &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
    }
    return rows[n % 3][m];
}
