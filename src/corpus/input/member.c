#include "corpus/input/member.h"

#include <string.h>

struct lb_member {
    const char *file;
    lb_archive *archives[LB_ARCHIVE_DEEPEST]; /* each within the one before */
    size_t depth;
};

static void close_below(lb_member *member, size_t depth) {
    while (member->depth > depth)
        lb_archive_free(member->archives[--member->depth]);
}

void lb_member_free(lb_member *member) {
    if (!member)
        return;
    close_below(member, 0);
    lb_free(member);
}

lb_archive *lb_member_archive(const lb_member *member) {
    return member->archives[member->depth - 1];
}

static int fail_changed(const lb_place *place, lb_error *error) {
    return lb_fail(error, LB_E_INPUT, place->path, "run again once nobody writes there",
                   "the archive has changed since it was opened");
}

/* Opens the archive at `level`: the file, or the member at which the one before stands. */
static int open_level(lb_member *member, size_t level, const lb_place *place, lb_error *error) {
    lb_archive **next = &member->archives[level];
    int status = level == 0 ? lb_archive_open(next, place->file, error)
                            : lb_archive_enter(next, next[-1], place->path, error);
    if (status == LB_OK)
        member->depth = level + 1;
    return status == 1 ? fail_changed(place, error) : status;
}

static int go_forward(lb_archive *archive, size_t ordinal, const lb_place *place, lb_error *error) {
    struct archive_entry *entry;
    int status = 1;
    while (status == 1 && lb_archive_passed(archive) <= ordinal)
        status = lb_archive_next(archive, &entry, error);
    return status == 0 ? fail_changed(place, error) : status < 0 ? status : LB_OK;
}

/* Stands an archive behind the way, or at the place's member, which may have been read? */
static bool is_behind(const lb_member *member, const lb_place *place) {
    for (size_t level = 0; level < member->depth; level++) {
        size_t passed = lb_archive_passed(member->archives[level]);
        bool within = level + 1 < member->depth && level + 1 < place->depth;
        if (passed <= place->ordinals[level])
            return false;
        if (passed > place->ordinals[level] + 1 || !within)
            return true;
    }
    return false;
}

static int go(lb_member *member, const lb_place *place, lb_error *error) {
    int status = LB_OK;
    if (is_behind(member, place))
        close_below(member, 0);
    for (size_t level = 0; status == LB_OK && level < place->depth; level++) {
        if (level >= member->depth)
            status = open_level(member, level, place, error);
        if (status < 0 || lb_archive_passed(member->archives[level]) > place->ordinals[level])
            continue; /* it stands there, and the next one is open */
        close_below(member, level + 1);
        status = go_forward(member->archives[level], place->ordinals[level], place, error);
    }
    return status;
}

int lb_member_open(lb_member **out, const lb_place *place, lb_member *reuse, lb_error *error) {
    lb_member *member = reuse;
    *out = NULL;
    if (!member || strcmp(member->file, place->file) != 0) {
        lb_member_free(reuse);
        member = lb_alloc_zero(1, sizeof *member);
        if (!member)
            return lb_fail_memory(error, "opening an archive");
        member->file = place->file;
    }
    int status = go(member, place, error);
    if (status < 0)
        lb_member_free(member);
    else
        *out = member;
    return status;
}
