/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What tools/i386-root.sh has the kernel start for each program of i386, where it runs none itself:
 * of programs that treat files and texts alike on every processor the host's own, which is of the
 * same Debian and seen at /.host, and of all others qemu-user-static. An emulated program takes
 * some 40 ms to start, and thousands of small ones install a system. i386-native PROGRAM
 * [ARGUMENT...]      PROGRAM is a path
 */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOST   "/.host"
#define USR    "/usr"
#define QEMU   "/bin/qemu-i386-static"
#define LOADER USR "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"

/* Not dpkg and what asks its database: they say what the system's architecture is. */
static const char *const alike[] = {
    "[",          "basename", "bash", "cat",      "chgrp",
    "chmod",      "chown",    "cmp",  "comm",     "cp",
    "cpio",       "cut",      "dash", "dirname",  "dpkg-deb",
    "dpkg-split", "echo",     "env",  "expr",     "find",
    "grep",       "gzip",     "head", "install",  "kmod",
    "ln",         "ls",       "mawk", "md5sum",   "mkdir",
    "mktemp",     "mv",       "perl", "readlink", "realpath",
    "rm",         "rmdir",    "sed",  "sort",     "ssh-keygen",
    "stat",       "tail",     "tar",  "tee",      "test",
    "touch",      "tr",       "true", "uniq",     "update-alternatives",
    "wc",         "xargs",    "xz",   "zstd",
};

static bool is_alike(const char *name)
{
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
        if (!strcmp(name, alike[i]))
            return true;
    return false;
}

/* By its loader, for which the tree has no place; returns if there is no such program. */
static void run_host_program(int count, char **arguments)
{
    char *path = realpath(arguments[0], NULL), host[PATH_MAX];
    char *line[count + 4];

    if (!path || strncmp(path, USR "/", sizeof USR) != 0 || !is_alike(strrchr(path, '/') + 1))
        return;
    snprintf(host, sizeof host, HOST "%s", path + strlen(USR));
    if (access(host, X_OK) != 0)
        return;
    line[0] = LOADER;
    line[1] = "--argv0";
    line[2] = arguments[0];
    line[3] = host;
    memcpy(line + 4, arguments + 1, (size_t)count * sizeof *line); /* NULL, too */
    execv(LOADER, line);
}

int main(int count, char **arguments)
{
    if (count < 2)
        return 127;
    run_host_program(count - 1, arguments + 1);
    arguments[0] = USR QEMU;
    execv(HOST QEMU, arguments);
    execv(USR QEMU, arguments); /* it is started elsewhere */
    perror(USR QEMU);
    return 127;
}
