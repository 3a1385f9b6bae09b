/* SPDX-License-Identifier: GPL-3.0-or-later */
/* symbols.c, C and C++: libdyngen without templates, among files that somebody else has left. */
#include <dyngen_symbols.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char map[64], dump[64];
static unsigned char code[] = {0x90, 0xc3}, more_code[] = {0xc3};

static void fail(const char *what)
{
    printf("%s: %s\n", what, strerror(errno));
    exit(1);
}

/* A file of this user's alone, and what is in it. */
static size_t contents(const char *path, char *text, size_t size)
{
    struct stat st;
    if (lstat(path, &st) || !S_ISREG(st.st_mode) || (st.st_mode & 077))
        fail(path);
    FILE *f = fopen(path, "r");
    if (!f)
        fail(path);
    size_t n = fread(text, 1, size - 1, f);
    text[n] = 0;
    fclose(f);
    return n;
}

static void add_two(struct dyngen_symbols *s)
{
    dyngen_symbols_add(s, "first", code, sizeof code);
    dyngen_symbols_add(s, "second", more_code, sizeof more_code);
}

static void check_files(void)
{
    char text[4096], expected[256];
    snprintf(expected, sizeof expected, "%lx 2 first\n%lx 1 second\n", (unsigned long)code,
             (unsigned long)more_code);
    contents(map, text, sizeof text);
    if (strcmp(text, expected) != 0)
        fail("perf map");
    /* A header; two records with name and code. */
    if (contents(dump, text, sizeof text) !=
        40 + 56 + sizeof "first" + 2 + 56 + sizeof "second" + 1)
        fail("jitdump's size");
    if (strcmp(text + 40 + 56, "first") != 0 || memcmp(text + 102, code, 2) != 0)
        fail("jitdump's name and code");
}

static void left_behind(void)
{
    if (symlink("victim", dump) || mkfifo(map, 0666))
        fail("preparing");
    struct dyngen_symbols *s =
        dyngen_symbols_open(DYNGEN_PERF_MAP | DYNGEN_JITDUMP | DYNGEN_GDB, NULL, NULL);
    if (!s)
        fail("opening");
    add_two(s);
    dyngen_symbols_forget(s, code, sizeof code);
    if (!dyngen_symbols_close(s))
        fail("closing");
    check_files();
    if (access("victim", F_OK) == 0)
        fail("a link was followed");
}

static void cannot_be_opened(void)
{
    const char *what = NULL;
    unlink(dump);
    if (mkdir(dump, 0700))
        fail("preparing");
    if (dyngen_symbols_open(DYNGEN_JITDUMP, NULL, &what) || errno != EEXIST ||
        strcmp(what, dump) != 0)
        fail("no error");
    if (rmdir(dump))
        fail("cleaning up");
}

static void cannot_be_written(void)
{
    struct rlimit limit = {16, RLIM_INFINITY};
    struct dyngen_symbols *s = dyngen_symbols_open(DYNGEN_PERF_MAP, NULL, NULL);
    if (!s || signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit))
        fail("preparing");
    add_two(s);
    if (dyngen_symbols_close(s))
        fail("a full disk was not noticed");
}

int main(void)
{
    snprintf(map, sizeof map, "/tmp/perf-%d.map", (int)getpid());
    snprintf(dump, sizeof dump, "jit-%d.dump", (int)getpid());
    left_behind();
    cannot_be_opened();
    cannot_be_written();
    unlink(map);
    if (write(1, "right\n", 6) != 6) /* stdout may be a file, too, and has the limit */
        return 1;
    return 0;
}
