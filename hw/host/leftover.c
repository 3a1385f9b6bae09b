/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See leftover.h. */
#include "hw/host/leftover.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Closed by the end of the program; and by that of the process. */
static int life = -1, done = -1;

/* Somebody else may listen there by now. */
static void remove_if_dead(const char *path)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || strlen(path) >= sizeof name.sun_path)
        return;
    strcpy(name.sun_path, path);
    if (connect(fd, (struct sockaddr *)&name, sizeof name) != 0 && errno == ECONNREFUSED)
        unlink(path);
    close(fd);
}

static _Noreturn void wait_and_remove(int end, const char *const *paths, unsigned count)
{
    char byte;
    prctl(PR_SET_NAME, "tessera-end");
    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_IGN);
    setpgid(0, 0);
    while (read(end, &byte, 1) < 0 && errno == EINTR)
        ;
    for (unsigned i = 0; i < count; i++)
        remove_if_dead(paths[i]);
    _exit(EXIT_SUCCESS);
}

/* Keeps these two, at the lowest numbers. */
static void part(int end, int told)
{
    enum { END, TOLD, FIRST_OTHER };
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    end = fcntl(end, F_DUPFD, FIRST_OTHER);
    told = fcntl(told, F_DUPFD, FIRST_OTHER);
    if (null < 0 || dup2(end, END) < 0 || dup2(told, TOLD) < 0)
        _exit(EXIT_FAILURE);
    close_range(FIRST_OTHER, ~0u, 0);
}

bool leftovers_watch(const char *const *paths, unsigned count, struct error *error)
{
    int living[2], ending[2];
    if (!count)
        return true;
    if (pipe2(living, O_CLOEXEC) != 0 || pipe2(ending, O_CLOEXEC) != 0)
        return error_set(error, "no pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        part(living[0], ending[1]);
        wait_and_remove(STDIN_FILENO, paths, count);
    }
    close(living[0]);
    close(ending[1]);
    life = living[1];
    done = ending[0];
    return pid > 0 || error_set(error, "no process: %s", strerror(errno));
}

void leftovers_remove(void)
{
    char byte;
    if (life < 0)
        return;
    close(life);
    while (read(done, &byte, 1) < 0 && errno == EINTR)
        ;
    close(done);
    life = done = -1;
}
