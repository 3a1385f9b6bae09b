/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See folder.h: requests go over a pair of sockets, answers come back with a descriptor or none. */
#include "hw/host/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Up to CREATE they open something. */
enum operation { OPEN, MODIFY, CREATE, COMMIT, DISCARD, REMOVE, NEXT };

struct request {
    enum operation operation;
    char name[FOLDER_NAME];
};

struct answer {
    int error; /* an errno; 0 */
    struct folder_entry entry;
};

struct folder {
    int socket;
    char *path, *ending;
};

/* --- the other process --- */

enum { FILE_NAME = 256 };

struct keeper {
    int folder;
    const char *ending;
    char unnamed[FILE_NAME]; /* of a file that has been created, and has its name not yet; or "" */
};

/* The ending is short: folder_open has looked. */
static void file_name(char *to, const char *name, const char *ending)
{
    snprintf(to, FILE_NAME, "%s%s", name, ending);
}

static bool is_good_name(const char *name)
{
    return *name && *name != '.' && !strchr(name, '/') && memchr(name, '\0', FOLDER_NAME);
}

static void discard(struct keeper *k)
{
    if (*k->unnamed)
        unlinkat(k->folder, k->unnamed, 0);
    *k->unnamed = '\0';
}

/* Another process may be at the same: so its own number is in the name. */
static int create(struct keeper *k)
{
    discard(k);
    snprintf(k->unnamed, sizeof k->unnamed, ".new-%d%s", getpid(), k->ending);
    unlinkat(k->folder, k->unnamed, 0);
    return openat(k->folder, k->unnamed, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

static int commit(struct keeper *k, const char *file)
{
    if (!*k->unnamed)
        return EINVAL;
    if (renameat(k->folder, k->unnamed, k->folder, file) != 0 || fsync(k->folder) != 0)
        return errno;
    *k->unnamed = '\0';
    return 0;
}

/* "name" of "name.ending"; false if it is another file. */
static bool base_name(const struct keeper *k, const char *file, char *name)
{
    size_t length = strlen(file), ending = strlen(k->ending);
    if (length <= ending || length - ending >= FOLDER_NAME || *file == '.' ||
        strcmp(file + length - ending, k->ending) != 0)
        return false;
    memcpy(name, file, length - ending);
    name[length - ending] = '\0';
    return true;
}

static void look(const struct keeper *k, const char *file, struct folder_entry *next)
{
    char name[FOLDER_NAME];
    struct stat s;
    if (!base_name(k, file, name) || fstatat(k->folder, file, &s, 0) != 0 || !S_ISREG(s.st_mode))
        return;
    memcpy(next->name, name, sizeof name);
    next->size = (uint64_t)s.st_size;
    next->time = s.st_mtime;
}

static int find_next(const struct keeper *k, const char *behind, struct folder_entry *next)
{
    int fd = openat(k->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *open = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;
    if (!open)
        return errno;
    while ((entry = readdir(open))) {
        struct folder_entry e = {.name = ""};
        look(k, entry->d_name, &e);
        if (strcmp(e.name, behind) > 0 && (!*next->name || strcmp(e.name, next->name) < 0))
            *next = e;
    }
    closedir(open);
    return *next->name ? 0 : ENOENT;
}

/* What is asked for; a descriptor, or -1. */
static int serve(struct keeper *k, const struct request *r, struct answer *a)
{
    char file[FILE_NAME];
    int fd = -1;
    bool anything = r->operation == DISCARD || (r->operation == NEXT && !*r->name);
    if (!anything && !is_good_name(r->name)) {
        a->error = EINVAL;
        return -1;
    }
    file_name(file, r->name, k->ending);
    if (r->operation == OPEN || r->operation == MODIFY)
        fd = openat(k->folder, file,
                    (r->operation == OPEN ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NONBLOCK);
    else if (r->operation == CREATE)
        fd = create(k);
    else if (r->operation == COMMIT)
        a->error = commit(k, file);
    else if (r->operation == DISCARD)
        discard(k);
    else if (r->operation == REMOVE)
        a->error = unlinkat(k->folder, file, 0) == 0 ? 0 : errno;
    else
        a->error = find_next(k, r->name, &a->entry);
    if (r->operation <= CREATE && fd < 0)
        a->error = errno;
    return fd;
}

static bool send_answer(int socket, struct answer *a, int fd)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {.room = {0}};
    struct iovec part = {a, sizeof *a};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (fd >= 0) {
        message.msg_control = &control;
        message.msg_controllen = sizeof control.room;
        control.head = (struct cmsghdr){
            .cmsg_len = CMSG_LEN(sizeof fd), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL) >= 0;
}

/* Until the other end is closed, by whatever ends the emulator. */
_Noreturn static void keep(int socket, struct keeper *k)
{
    struct request r;
    bool good = true;
    while (good && recv(socket, &r, sizeof r, 0) == (ssize_t)sizeof r) {
        struct answer a = {.error = 0};
        int fd = serve(k, &r, &a);
        good = send_answer(socket, &a, fd);
        if (fd >= 0)
            close(fd);
    }
    discard(k);
    _exit(EXIT_SUCCESS);
}

/* Of the terminal and of who reads what we print it is no part. */
static void leave_terminal(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
        dup2(null, fd);
    setsid();
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
}

/* --- the emulator's side --- */

static int receive(int socket, struct answer *a)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {a, sizeof *a};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control.room};
    ssize_t n;
    int fd = -1;
    do
        n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof *a)
        a->error = n < 0 ? errno : EPIPE;
    else if (CMSG_FIRSTHDR(&message))
        memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    return fd;
}

static int ask(struct folder *f, enum operation operation, const char *name, struct answer *a)
{
    struct request r = {.operation = operation};
    *a = (struct answer){.error = 0};
    if (strlen(name) >= sizeof r.name) {
        a->error = ENAMETOOLONG;
        return -1;
    }
    strcpy(r.name, name);
    if (send(f->socket, &r, sizeof r, MSG_NOSIGNAL) < 0) {
        a->error = errno;
        return -1;
    }
    return receive(f->socket, a);
}

static bool tell(const struct folder *f, const char *name, const struct answer *a,
                 struct error *error)
{
    if (!a->error)
        return true;
    if (a->error == EINVAL)
        error_set(error, "%s: not a name: without a slash, and not beginning with a dot", name);
    else
        error_set(error, "%s/%s%s: %s", f->path, name, f->ending, strerror(a->error));
    errno = a->error;
    return false;
}

int folder_read(struct folder *f, const char *name, struct error *error)
{
    struct answer a;
    int fd = ask(f, OPEN, name, &a);
    tell(f, name, &a, error);
    return fd;
}

int folder_modify(struct folder *f, const char *name, bool *read_only, struct error *error)
{
    struct answer a;
    int fd = ask(f, *read_only ? OPEN : MODIFY, name, &a);
    if (!*read_only && (a.error == EACCES || a.error == EPERM || a.error == EROFS)) {
        *read_only = true;
        fd = ask(f, OPEN, name, &a);
    }
    tell(f, name, &a, error);
    return fd;
}

int folder_create(struct folder *f, const char *name, struct error *error)
{
    struct answer a;
    int fd = ask(f, CREATE, name, &a);
    tell(f, name, &a, error);
    return fd;
}

bool folder_commit(struct folder *f, const char *name, struct error *error)
{
    struct answer a;
    ask(f, COMMIT, name, &a);
    return tell(f, name, &a, error);
}

void folder_discard(struct folder *f)
{
    struct answer a;
    ask(f, DISCARD, "", &a);
}

bool folder_remove(struct folder *f, const char *name, struct error *error)
{
    struct answer a;
    ask(f, REMOVE, name, &a);
    return tell(f, name, &a, error);
}

bool folder_next(struct folder *f, struct folder_entry *entry)
{
    struct answer a;
    ask(f, NEXT, entry->name, &a);
    *entry = a.entry;
    return !a.error;
}

/* --- beginning and end --- */

static bool start(struct folder *f, int folder)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    pid_t child = fork();
    if (child == 0) {
        struct keeper k = {.folder = folder, .ending = f->ending};
        close(ends[0]);
        leave_terminal();
        keep(ends[1], &k);
    }
    close(ends[1]);
    f->socket = ends[0];
    if (child < 0)
        close(ends[0]);
    return child >= 0;
}

static void free_folder(struct folder *f)
{
    free(f->path);
    free(f->ending);
    free(f);
}

struct folder *folder_open(const char *path, const char *ending, struct error *error)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct folder *f = calloc(1, sizeof *f);
    if (f) {
        f->path = strdup(path);
        f->ending = strdup(ending);
    }
    bool good = fd >= 0 && f && f->path && f->ending && start(f, fd);
    if (!good)
        error_set(error, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (good)
        return f;
    if (f)
        free_folder(f);
    return NULL;
}

void folder_close(struct folder *f)
{
    if (!f)
        return;
    close(f->socket);
    free_folder(f);
}
