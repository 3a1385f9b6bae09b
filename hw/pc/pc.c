/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine: chipset, cpu and memory together, and time and input for them. */
#include "hw/pc/pc.h"

#include "exec/i386/board.h"
#include "exec/memory.h"
#include "hw/host/alarm.h"
#include "hw/host/clock.h"
#include "hw/host/console.h"
#include "hw/host/terminal.h"
#include "hw/pc/chipset.h"
#include "hw/pc/loader.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { PARALLEL = SERIAL_PORTS, DEBUGCON, OUTSIDES };

struct pc {
    struct options options;
    struct image image;
    struct timers timers;      /* the guest's */
    struct timers host_timers; /* for what is outside: its clock is nobody's state */
    struct memory *memory;
    struct i386_board board;
    struct exec *exec;
    struct chipset chipset;
    struct alarm alarm;
    bool has_alarm;

    int room_fd; /* an eventfd: an output has drained */
    struct output_owner output_owner;
    struct console console;
    bool has_console;
    bool input; /* a serial port is on standard input */
    struct chardev_file file[OUTSIDES];
    bool has_file[OUTSIDES];

    int status;
    bool stopped;
    bool is_ending; /* somebody has asked for an end, and that has been seen */
};

static void stop(struct pc *pc, int status)
{
    if (!pc->stopped)
        pc->status = status;
    pc->stopped = true;
    exec_stop(pc->exec);
}

static void guest_exit(void *machine, int status)
{
    stop(machine, status);
}

/* --- output --- */

/* Numbered from 0: the console's and the files'; NULL where there is none. */
enum { OUTPUTS = 1 + OUTSIDES };
static struct output *output(struct pc *pc, unsigned number)
{
    if (number == 0)
        return pc->has_console ? &pc->console.output : NULL;
    return pc->has_file[number - 1] ? &pc->file[number - 1].output : NULL;
}

static void flush(struct pc *pc)
{
    for (unsigned i = 0; i < OUTPUTS; i++)
        if (output(pc, i))
            output_flush(output(pc, i));
}

/* From an output's thread. */
static void drained(void *owner)
{
    static const uint64_t one = 1;
    struct pc *pc = owner;
    if (write(pc->room_fd, &one, sizeof one) > 0)
        exec_request(pc->exec);
}

/* --- time and input --- */

/* By the host's clock. */
static uint64_t deadline_of(const struct timers *q)
{
    return timers_next(q) == TIMER_NEVER ? TIMER_NEVER : q->origin + timers_next(q);
}

static uint64_t next_deadline(const struct pc *pc)
{
    uint64_t guest = deadline_of(&pc->timers), host = deadline_of(&pc->host_timers);
    return guest < host ? guest : host;
}

static void deadline_moved(void *owner, uint64_t deadline)
{
    struct pc *pc = owner;
    (void)deadline;
    alarm_set(&pc->alarm, next_deadline(pc));
}

static void ring(void *target)
{
    struct pc *pc = target;
    exec_request(pc->exec);
}

static void poll_outside(struct pc *pc)
{
    if (pc->input)
        console_poll(&pc->console);
    chipset_poll_serial(&pc->chipset);
    if (pc->input && console_wants_input(&pc->console))
        alarm_watch_input(&pc->alarm);
}

static bool is_end_asked(const struct pc *pc)
{
    return terminal_signal || pc->console.quit;
}

static void service(void *board)
{
    struct pc *pc = board;
    timers_run(&pc->timers);
    timers_run(&pc->host_timers);
    poll_outside(pc);
    if (is_end_asked(pc))
        stop(pc, 0);
    alarm_set(&pc->alarm, next_deadline(pc));
}

static void clear_event(int fd)
{
    uint64_t count;
    while (read(fd, &count, sizeof count) < 0 && errno == EINTR)
        ;
}

/* Sleeps until something may have happened outside, or for so many nanoseconds. */
static void wait_outside(struct pc *pc, uint64_t ns)
{
    enum { WAKE, INPUT, ROOM, DESCRIPTORS };
    bool input = pc->input && console_wants_input(&pc->console);
    struct pollfd fds[DESCRIPTORS] = {
        [WAKE] = {.fd = pc->is_ending ? -1 : pc->alarm.wake_fd, .events = POLLIN},
        [INPUT] = {.fd = input ? STDIN_FILENO : -1, .events = POLLIN},
        [ROOM] = {.fd = pc->room_fd, .events = POLLIN},
    };
    struct timespec t = {.tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S)};
    if (ppoll(fds, DESCRIPTORS, ns == TIMER_NEVER ? NULL : &t, NULL) > 0 && fds[ROOM].revents)
        clear_event(pc->room_fd);
}

static void idle(void *board)
{
    struct pc *pc = board;
    flush(pc);
    uint64_t deadline = next_deadline(pc), now = host_clock();
    uint64_t left = deadline > now ? deadline - now : 0;
    wait_outside(pc, deadline == TIMER_NEVER ? TIMER_NEVER : left);
    service(pc);
}

/* Where timers stand still. */
static void wait_and_listen(struct pc *pc, uint64_t ns)
{
    wait_outside(pc, ns);
    if (!pc->input)
        return;
    console_look(&pc->console);
    console_poll(&pc->console);
}

/* The guest sends what nobody takes, and has not asked whether it can. */
static bool wait_for_room(void *owner)
{
    struct pc *pc = owner;
    if (!is_end_asked(pc))
        wait_and_listen(pc, console_look_again);
    if (!is_end_asked(pc))
        return true;
    exec_request(pc->exec);
    return false;
}

/* --- the end of output --- */

/* Once an end is asked for, a reader that has taken nothing for a second is given up. */
static bool is_awaited(struct pc *pc, struct output *o)
{
    return output_pending(o) && !(pc->is_ending && output_stuck(o) > NS_PER_S);
}

static bool all_is_out(struct pc *pc)
{
    for (unsigned i = 0; i < OUTPUTS; i++)
        if (output(pc, i) && is_awaited(pc, output(pc, i)))
            return false;
    return true;
}

/* Says what is lost, if there is somebody to hear it. */
static void report_lost(struct output *o)
{
    struct pollfd err = {.fd = STDERR_FILENO, .events = POLLOUT};
    size_t lost = output_pending(o);
    if (lost && poll(&err, 1, 0) > 0 && err.revents & POLLOUT)
        fprintf(stderr, "tessera: %s: %zu bytes that nobody has read are lost\n", output_name(o),
                lost);
}

/*
 * A guest that has ended leaves its readers the time that they need, as any program does that
 * writes, until somebody asks for an end.
 */
static void finish_output(struct pc *pc)
{
    flush(pc);
    pc->is_ending = is_end_asked(pc);
    while (!all_is_out(pc)) {
        wait_and_listen(pc, pc->is_ending ? 50 * NS_PER_MS : console_look_again);
        pc->is_ending = is_end_asked(pc);
    }
    for (unsigned i = 0; i < OUTPUTS; i++)
        if (output(pc, i))
            report_lost(output(pc, i));
}

static uint64_t guest_clock(void *board)
{
    struct pc *pc = board;
    return timers_now(&pc->timers);
}

/* --- what the cpu sees of the board, and the board of the cpu --- */

static uint32_t port_in(void *board, uint16_t port, unsigned size)
{
    struct pc *pc = board;
    return ports_read(&pc->chipset.ports, port, size);
}

static void port_out(void *board, uint16_t port, uint32_t value, unsigned size)
{
    struct pc *pc = board;
    chipset_write(&pc->chipset, port, value, size);
}

static int acknowledge(void *board)
{
    struct pc *pc = board;
    return chipset_acknowledge(&pc->chipset);
}

static bool ferr(void *board, bool level)
{
    struct pc *pc = board;
    return chipset_ferr(&pc->chipset, level);
}

static void set_intr(void *machine, unsigned input, bool level)
{
    struct pc *pc = machine;
    (void)input;
    exec_interrupt_line(pc->exec, level);
}

static void set_a20(void *machine, unsigned input, bool level)
{
    struct pc *pc = machine;
    (void)input;
    exec_a20_line(pc->exec, level);
}

static void set_reset(void *machine, unsigned input, bool level)
{
    struct pc *pc = machine;
    (void)input;
    if (level)
        exec_request_reset(pc->exec);
}

/* Cpu and memory as the guest is to find them. */
static void start_guest(struct pc *pc)
{
    exec_reset(pc->exec);
    chipset_reset(&pc->chipset);
    loader_copy(&pc->image, pc->memory);
    if (!pc->image.bios)
        chipset_as_after_bios(&pc->chipset);
    loader_start(&pc->image, pc->exec);
}

static void reset(void *board)
{
    struct pc *pc = board;
    if (pc->options.no_reboot)
        stop(pc, 0);
    else
        start_guest(pc);
}

/* --- putting it together --- */

static bool create_cpu(struct pc *pc, struct error *error)
{
    const char *reason = "the host is out of memory";
    pc->memory = memory_create(pc->options.load.ram_size, &reason);
    if (!pc->memory)
        return error_set(error, "-m %s: %s", size_text(pc->options.load.ram_size).text, reason);
    pc->options.exec.guest = &i386_guest;
    pc->board = (struct i386_board){
        .board = {.board = pc,
                  .acknowledge = acknowledge,
                  .service = service,
                  .idle = idle,
                  .reset = reset,
                  .clock = guest_clock},
        .port_read = port_in,
        .port_write = port_out,
        .ferr = ferr,
    };
    pc->exec = exec_create(&pc->options.exec, pc->memory, &pc->board.board, &reason);
    return pc->exec || error_set(error, "%s", reason);
}

/* The end of a serial or parallel line or of the debug port; *end stays NULL for none. */
static bool connect(struct pc *pc, const struct outside *outside, unsigned number,
                    struct chardev **end, struct error *error)
{
    if (outside->kind == OUTSIDE_NULL)
        *end = &chardev_null;
    if (outside->kind == OUTSIDE_STDIO)
        *end = number == DEBUGCON ? &pc->console.text : &pc->console.chardev;
    if (outside->kind != OUTSIDE_FILE)
        return true;
    if (!chardev_file_open(&pc->file[number], outside->path, &pc->host_timers, &pc->output_owner,
                           error))
        return false;
    pc->has_file[number] = true;
    *end = &pc->file[number].chardev;
    return true;
}

static bool connect_all(struct pc *pc, struct chipset_setup *setup, struct error *error)
{
    for (unsigned i = 0; i < SERIAL_PORTS; i++) {
        if (!connect(pc, &pc->options.serial[i], i, &setup->serial[i], error))
            return false;
        if (pc->options.serial[i].kind == OUTSIDE_STDIO)
            pc->input = true;
    }
    return connect(pc, &pc->options.parallel, PARALLEL, &setup->parallel, error) &&
           connect(pc, &pc->options.debugcon, DEBUGCON, &setup->debugcon, error);
}

static bool create_chipset(struct pc *pc, struct error *error)
{
    const struct options *o = &pc->options;
    struct chipset_setup setup = {
        .timers = &pc->timers,
        .memory = pc->memory,
        .time_of_day = options_time_of_day(o, (int64_t)host_time_of_day()),
        .debugcon_port = (uint16_t)o->debugcon_port,
        .fw_cfg = &pc->image.fw_cfg,
        .exit = {guest_exit, pc},
        .exit_port = (uint16_t)o->debug_exit_port,
        .exit_size = o->debug_exit ? o->debug_exit_size : 0,
        .post_port = (uint16_t)o->post_port,
        .intr = {set_intr, pc, 0},
        .a20 = {set_a20, pc, 0},
        .reset = {set_reset, pc, 0},
    };
    return connect_all(pc, &setup, error) &&
           (chipset_init(&pc->chipset, &setup) || error_set(error, "the host is out of memory"));
}

/* Below 4 GiB all of it, below 1 MiB the last 128 KiB; the shadow RAM lies over that. */
static bool map_bios(struct pc *pc, struct error *error)
{
    enum { LEGACY = 128 * 1024, LEGACY_END = 0x100000 };
    const struct image *image = &pc->image;
    uint32_t legacy = image->bios_size < LEGACY ? image->bios_size : LEGACY;
    if (!image->bios)
        return true;
    return (memory_map_rom(pc->memory, -image->bios_size, image->bios, image->bios_size) &&
            memory_map_rom(pc->memory, LEGACY_END - legacy, image->bios + image->bios_size - legacy,
                           legacy)) ||
           error_set(error, "the host is out of memory");
}

static void start_clock(struct pc *pc, struct timers *timers)
{
    timers_init(timers, host_clock);
    timers->moved = deadline_moved;
    timers->owner = pc;
}

static bool create(struct pc *pc, struct default_kernel fallback, struct error *error)
{
    if (!alarm_create(&pc->alarm, error))
        return false;
    pc->has_alarm = true;
    terminal_catch_signals(pc->alarm.wake_fd); /* first: others have a meaning for some of them */
    start_clock(pc, &pc->timers);
    start_clock(pc, &pc->host_timers);
    pc->room_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (pc->room_fd < 0)
        return error_set(error, "no event descriptor: %s", strerror(errno));
    pc->output_owner = (struct output_owner){drained, wait_for_room, pc};
    pc->has_console = console_open(&pc->console, &pc->host_timers, &pc->output_owner, error);
    return pc->has_console && loader_prepare(&pc->image, &pc->options.load, fallback, error) &&
           create_cpu(pc, error) && map_bios(pc, error) && create_chipset(pc, error);
}

static void destroy_pc(void *m)
{
    struct pc *pc = m;
    if (!pc)
        return;
    if (pc->has_alarm)
        alarm_destroy(&pc->alarm);
    for (unsigned i = 0; i < OUTSIDES; i++)
        if (pc->has_file[i])
            chardev_file_close(&pc->file[i]);
    if (pc->has_console)
        console_close(&pc->console);
    if (pc->room_fd >= 0)
        close(pc->room_fd);
    if (pc->exec)
        exec_destroy(pc->exec);
    memory_destroy(pc->memory);
    loader_free(&pc->image);
    free(pc);
}

static void *create_pc(const struct options *options, struct default_kernel fallback,
                       struct error *error)
{
    struct pc *pc = calloc(1, sizeof *pc);
    if (!pc) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    pc->options = *options;
    pc->room_fd = -1;
    if (create(pc, fallback, error))
        return pc;
    destroy_pc(pc);
    return NULL;
}

static bool start_pc(void *m, struct error *error)
{
    struct pc *pc = m;
    for (unsigned i = 0; i < OUTPUTS; i++)
        if (output(pc, i) && !output_start(output(pc, i), error))
            return false;
    return alarm_start(&pc->alarm, ring, pc, error);
}

static int run_pc(void *m)
{
    struct pc *pc = m;
    if (pc->input) {
        terminal_enter();
        console_start(&pc->console);
    }
    start_guest(pc);
    service(pc);
    if (!pc->stopped)
        exec_run(pc->exec);
    finish_output(pc);
    terminal_leave();
    return pc->status;
}

static struct exec *exec_of_pc(void *m)
{
    struct pc *pc = m;
    return pc->exec;
}

static struct devices *devices_of_pc(void *m)
{
    struct pc *pc = m;
    return &pc->chipset.devices;
}

const struct machine pc_machine = {
    .name = "pc",
    .version = "pc-i440fx-",
    .description = "PC with a 440FX and PIIX3 chipset",
    .create = create_pc,
    .start = start_pc,
    .run = run_pc,
    .exec = exec_of_pc,
    .devices = devices_of_pc,
    .destroy = destroy_pc,
};
