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

size_t lb_path_iterations(lb_path path) {
    size_t count = 0;
    for (size_t i = 0; i < path.count; i++)
        count += path.steps[i].kind != LB_STEP_FIELD;
    return count;
}

bool lb_path_is_beside(lb_path path, lb_path other) {
    return path.count == other.count && path.count > 0 &&
           lb_path_begins(other, (lb_path){path.steps, path.count - 1});
}
