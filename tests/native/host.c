/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See host.h. */
#include "tests/native/host.h"
#include "tests/native/fatal.h"
#include "tests/native/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct host {
    struct shared *shared;
    int memory, go, done;
    pid_t pid;
    bool absent; /* the kernel runs no 32-bit programs */
};

/* Its ends as the numbers that it knows. Gives what posix_spawn() does. */
static int spawn_helper(struct host *h, int go, int done)
{
    /* Copies out of the way of the three numbers first. */
    int from[] = {fcntl(h->memory, F_DUPFD_CLOEXEC, 10), fcntl(go, F_DUPFD_CLOEXEC, 10),
                  fcntl(done, F_DUPFD_CLOEXEC, 10)};
    posix_spawn_file_actions_t actions;
    char *arguments[] = {"helper", NULL}, *environment[] = {NULL};

    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 3; i++)
        posix_spawn_file_actions_adddup2(&actions, from[i], HELPER_SHARED + i);
    posix_spawn_file_actions_addclosefrom_np(&actions, HELPER_DONE + 1);
    int error =
        posix_spawn(&h->pid, BUILD "/native/helper", &actions, NULL, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    for (int i = 0; i < 3; i++)
        close(from[i]);
    return error;
}

static void start_helper(struct host *h)
{
    int go[2], done[2];

    require(!pipe2(go, O_CLOEXEC) && !pipe2(done, O_CLOEXEC), "no pipes");
    int error = spawn_helper(h, go[0], done[1]);
    h->absent = error == ENOEXEC;
    require(!error || h->absent, BUILD "/native/helper: %s", strerror(error));
    close(go[0]);
    close(done[1]);
    h->go = go[1];
    h->done = done[0];
}

static int end_helper(struct host *h)
{
    int status = 0;

    close(h->go);
    close(h->done);
    if (h->absent)
        return 0;
    kill(h->pid, SIGKILL);
    waitpid(h->pid, &status, 0);
    return status;
}

struct host *host_create(void)
{
    struct host *h = calloc(1, sizeof *h);

    require(h != NULL, "no memory");
    signal(SIGPIPE, SIG_IGN);
    h->memory = memfd_create("cases", MFD_CLOEXEC);
    require(h->memory >= 0 && !ftruncate(h->memory, sizeof *h->shared), "no memory to share");
    h->shared = mmap(NULL, sizeof *h->shared, PROT_READ | PROT_WRITE, MAP_SHARED, h->memory, 0);
    require(h->shared != MAP_FAILED, "no memory to share");
    start_helper(h);
    return h;
}

void host_destroy(struct host *h)
{
    end_helper(h);
    munmap(h->shared, sizeof *h->shared);
    close(h->memory);
    free(h);
}

struct shared *host_shared(struct host *h)
{
    return h->shared;
}

bool host_is_absent(const struct host *h)
{
    return h->absent;
}

void host_start(struct host *h)
{
    u8 byte = 0;

    for (u32 i = 0; i < h->shared->count; i++)
        h->shared->outcomes[i].vector = NOT_RUN;
    if (write(h->go, &byte, 1) != 1)
        fatal("no case can be run natively: status %x", end_helper(h));
}

bool host_finish(struct host *h, u32 *last)
{
    u8 byte;
    ssize_t got;

    do
        got = read(h->done, &byte, 1);
    while (got < 0 && errno == EINTR);
    if (got == 1)
        return true;
    for (*last = 0; *last < h->shared->count - 1; ++*last)
        if (h->shared->outcomes[*last].vector == NOT_RUN && !h->shared->cases[*last].skip)
            break;
    end_helper(h);
    start_helper(h);
    return false;
}
