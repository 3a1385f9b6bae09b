/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gdb itself, on guests of ours and of others; and what no gdb would send. */
#include "tests/guests/linux.h"
#include "tests/suites.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT = 256 << 10, LINE = 4096, ARGUMENTS = 32, PATIENCE = 120 };

static const char guest[] = BUILD "/guest/tessera-guest.elf";
static char output[OUTPUT];

/* --- a guest that waits for gdb --- */

struct stage {
    pid_t pid;
    unsigned port;
    int in, out; /* its serial line */
};

static void in_child(const char *const *more, int in, int out, int errors)
{
    const char *arguments[ARGUMENTS] = {"./tessera", "-display", "none",  "-serial",
                                        "stdio",     "-gdb",     "tcp::0"};
    unsigned n = 7;
    while (*more && n < ARGUMENTS - 1)
        arguments[n++] = *more++;
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    execv(arguments[0], (char **)arguments);
    _exit(127);
}

/* The port, which it says on standard error. */
static unsigned heard_port(int fd)
{
    char text[LINE] = "";
    size_t size = 0;
    const char *at = NULL;
    unsigned port = 0;
    while (!at && size < sizeof text - 1 && read(fd, text + size, 1) == 1) {
        text[++size] = 0;
        if (text[size - 1] == '\n')
            at = strstr(text, "target remote 127.0.0.1:");
    }
    ck_assert_msg(at && sscanf(at, "target remote 127.0.0.1:%u", &port) == 1, "%s", text);
    return port;
}

static struct stage start(const char *const *arguments)
{
    int in[2], out[2], errors[2];
    struct stage s;
    ck_assert(pipe(in) == 0 && pipe(out) == 0 && pipe(errors) == 0);
    s.pid = fork();
    if (s.pid == 0)
        in_child(arguments, in[0], out[1], errors[1]);
    close(in[0]);
    close(out[1]);
    close(errors[1]);
    s.in = in[1];
    s.out = out[0];
    s.port = heard_port(errors[0]);
    return s;
}

static void end(struct stage *s)
{
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
    close(s->in);
    close(s->out);
}

/* Waits for a text on the serial line. */
static void expect(struct stage *s, const char *text)
{
    size_t size = 0;
    output[0] = 0;
    while (!strstr(output, text)) {
        struct pollfd fd = {.fd = s->out, .events = POLLIN};
        ssize_t n =
            poll(&fd, 1, PATIENCE * 1000) > 0 ? read(s->out, output + size, OUTPUT - 1 - size) : 0;
        ck_assert_msg(n > 0, "%s is not in: %s", text, size > LINE ? output + size - LINE : output);
        size += (size_t)n;
        output[size] = 0;
    }
}

/* --- gdb --- */

/* What gdb says to commands, one a line, connected to the guest; in `output`. */
static void gdb(const struct stage *s, const char *file, const char *commands)
{
    char path[] = "/tmp/tessera-gdb-XXXXXX", line[LINE];
    int fd = mkstemp(path);
    FILE *to = fdopen(fd, "w");
    ck_assert(to != NULL);
    fprintf(to, "set confirm off\nset pagination off\nset height 0\ntarget remote 127.0.0.1:%u\n%s",
            s->port, commands);
    fclose(to);
    snprintf(line, sizeof line, "timeout %d gdb -nx -batch %s -x %s 2>&1 </dev/null", PATIENCE,
             file, path);
    FILE *from = popen(line, "r");
    ck_assert(from != NULL);
    size_t size = fread(output, 1, OUTPUT - 1, from);
    output[size] = 0;
    int status = pclose(from);
    unlink(path);
    ck_assert_msg(status == 0, "status %d: %s", status, output);
}

static void says(const char *text)
{
    ck_assert_msg(strstr(output, text) != NULL, "%s is not in: %s", text, output);
}

static const char *const waiting[] = {"-S", "-kernel", BUILD "/guest/tessera-guest.elf", NULL};

/* Breakpoints, steps, frames and variables of a program with symbols, from its first instruction.
 */
START_TEST(a_program)
{
    static const char *const engines[] = {"template", "interp", "ir", "mixed"};
    const char *arguments[] = {"-S", "-jit", engines[_i], "-kernel", guest, NULL};
    struct stage s = start(arguments);
    gdb(&s, guest,
        "break cpu_report\ncontinue\nbacktrace\nprintf \"pe %d pg %d\\n\", $cr0 & 1, ($cr0 >> 31) "
        "& 1\n"
        "stepi\nprintf \"stepped %d\\n\", $pc - (long)&cpu_report\nfinish\ninfo registers eflags\n"
        "delete\ndetach\n");
    says("Breakpoint 1, cpu_report ()");
    says("#1  0x");
    says("pe 1 pg 1");
    const char *stepped = strstr(output, "stepped ");
    int by = stepped ? atoi(stepped + strlen("stepped ")) : 0;
    ck_assert_msg(by > 0 && by < 16, "%s", output); /* one instruction */
    says("guest_main (");
    says("eflags ");
    expect(&s, "Type help for a list of commands");
    end(&s);
}
END_TEST

/* Registers and memory are set, and read back; the program sees them. */
START_TEST(values)
{
    struct stage s = start(waiting);
    gdb(&s, guest,
        "stepi\nset $eax = 0x12345678\nset $ebp = 0xfedcba98\nset $xmm3.v4_int32 = {1, 2, 3, 4}\n"
        "set $st5 = 1.5\nset $eflags = 0x93\nflushregs\nmaintenance flush register-cache\n"
        "print/x $eax\nprint/x $ebp\nprint $xmm3.v4_int32\nprint $st5\nprint $eflags\nprint/x $cs\n"
        "set {int}0x300000 = 0x55aa1234\nx/2xb 0x300000\nprint/x $mxcsr\n"
        "python\ntry:\n  gdb.execute('x/4xb 0xc0000000')\nexcept gdb.MemoryError as e:\n  "
        "print(e)\n"
        "try:\n  gdb.execute('set $dr7 = 5')\nexcept gdb.error as e:\n  print(e)\nend\n");
    says("= 0x12345678");
    says("= 0xfedcba98");
    says("= {1, 2, 3, 4}");
    says("= 1.5");
    says("[ CF AF SF ]");
    says("0x34\t0x12");
    says("= 0x1f80");
    says("Cannot access memory at address 0xc0000000");
    says("Could not write register \"dr7\"");
    end(&s);
}
END_TEST

/* A value that changes, whoever changes it; hardware's watchpoints stop behind the instruction. */
START_TEST(watchpoints)
{
    struct stage s = start(waiting);
    gdb(&s, guest,
        "watch ticks\ncontinue\nprint ticks\ndelete\nrwatch ticks\ncontinue\n"
        "delete\nawatch ticks\ncontinue\ndelete\ndetach\n");
    says("Hardware watchpoint 1: ticks");
    says("New value = 1");
    says("$1 = 1");
    says("\nHardware read watchpoint 2: ticks\n\nValue = 1\n"); /* unlike what is said when it is
                                                                   set */
    says("\nHardware access (read/write) watchpoint 3: ticks\n\nValue = 1\n");
    end(&s);
}
END_TEST

/* A boot sector on a floppy, before the BIOS. */
static struct stage start_sector(const unsigned char sector[512])
{
    static const char path[] = BUILD "/tests/gdb.floppy";
    FILE *to = fopen(path, "wb");
    ck_assert(to && fwrite(sector, 512, 1, to) == 1);
    fclose(to);
    ck_assert_int_eq(truncate(path, 1474560), 0);
    return start((const char *[]){"-S", "-fda", path, NULL});
}

/* A boot sector in real-address mode, whose second part is at another base: 07C0:0020. */
START_TEST(real_mode)
{
    /* 7c00: jmp 07c0:0005; 7c05: mov $0x1234, %ax; mov $0x2000, %bx; mov %bx, %ds;
     * 7c0d: mov %ax, 0x10; 7c10: hlt; jmp 7c10 */
    static const unsigned char sector[512] = {0xea, 5,    0,    0xc0, 7,    0xb8,         0x34,
                                              0x12, 0xbb, 0,    0x20, 0x8e, 0xdb,         0xa3,
                                              0x10, 0,    0xf4, 0xeb, 0xfd, [510] = 0x55, 0xaa};
    struct stage s = start_sector(sector);
    gdb(&s, "",
        "print/x $pc\nbreak *0x7c00\ncontinue\nx/i $pc\nprintf \"cs %x ip %x\\n\", $cs, "
        "$ip\nstepi\n"
        "printf \"cs %x ip %x pc %x\\n\", $cs, $ip, $pc\nbreak *0x7c0d\nwatch *(short *)0x20010\n"
        "continue\nx/i $pc\nprintf \"ds %x\\n\", $ds\ncontinue\nx/xh 0x20010\ndelete\n"
        "monitor screendump x.png\nmonitor change floppy0 x.img\ndetach\n");
    says("0xfffffff0");
    says("Breakpoint 1, 0x00007c00");
    says("ljmp   $0x7c0,$0x5");
    says("cs 0 ip 7c00");
    says("cs 7c0 ip 5 pc 7c05");
    says("mov    %ax,0x10");
    says("ds 2000");
    says("Hardware watchpoint 3: ");
    says("0x1234");
    says("no files are open to a debugger alone"); /* and it runs on: none of that is a system call
                                                    */
    end(&s);
}
END_TEST

/*
 * 16-bit code in protected mode, in segments with bases: hardware's breakpoint is at a linear
 * address, as is what is watched.
 */
START_TEST(protected_16_bit_mode)
{
    /* 7c00: cli; xor %ax, %ax; mov %ax, %ds; lgdt 0x7c40; mov %cr0, %eax; or $1, %al;
     *       mov %eax, %cr0; ljmp 8:0020
     * 7c20: mov $0x10, %ax; mov %ax, %ds; movw $0x55aa, 0x100; 7c2b: nop; 7c2c: hlt; jmp 7c2c
     * 7c40: the table's limit and base; 7c48: it: code at 7c00, data at 20000 */
    static const unsigned char sector[512] = {
        0xfa,          0x31, 0xc0, 0x8e, 0xd8, 0x0f, 0x01, 0x16, 0x40, 0x7c, 0x0f, 0x20,
        0xc0,          0x0c, 0x01, 0x0f, 0x22, 0xc0, 0xea, 0x20, 0x00, 0x08, 0x00, /* */
        [0x20] = 0xb8, 0x10, 0x00, 0x8e, 0xd8, 0xc7, 0x06, 0x00, 0x01, 0xaa, 0x55, 0x90,
        0xf4,          0xeb, 0xfd,                               /* */
        [0x40] = 23,   0,    0x48, 0x7c, 0,    0,                /* */
        [0x50] = 0xff, 0xff, 0x00, 0x7c, 0x00, 0x9a, 0x00, 0x00, /* */
        [0x58] = 0xff, 0xff, 0x00, 0x00, 0x02, 0x92, 0x00, 0x00, /* */
        [510] = 0x55,  0xaa};
    struct stage s = start_sector(sector);
    gdb(&s, "",
        "hbreak *0x7c20\ncontinue\nx/3i $pc\n"
        "printf \"cs %x ip %x pe %d\\n\", $cs, $ip, $cr0 & 1\nstepi\nstepi\n"
        "printf \"ip %x ds %x\\n\", $ip, $ds\nwatch *(short *)0x20100\ncontinue\n"
        "printf \"behind it %x\\n\", $pc\nprint/x *(short *)0x20100\n");
    says("Breakpoint 1, 0x00007c20");
    says("mov    $0x10,%ax");
    says("movw   $0x55aa,0x100");
    says("cs 8 ip 20 pe 1");
    says("ip 25 ds 10");
    says("New value = 21930");
    says("behind it 7c2b");
    says("= 0x55aa");
    end(&s);
}
END_TEST

/* Ctrl-C, as gdb sends it, in a guest that runs; and what gdb leaves behind is nothing. */
START_TEST(linux_runs_and_is_interrupted)
{
    static const char *const arguments[] = {
        "-kernel", BUILD "/guests/linux",
        "-initrd", BUILD "/guests/initrd.gz",
        "-append", "console=ttyS0 rdinit=/bin/sh " LINUX_BRIEFLY,
        NULL};
    struct stage s = start(arguments);
    expect(&s, "unpack rootfs image");
    gdb(&s, "",
        "printf \"kernel %d\\n\", $pc >= 0xc0000000\nstepi 200\nbreak *$pc\ncontinue 3\n"
        "print $cr3 != 0\nx/4i $pc\ndelete\ndetach\n");
    says("kernel 1\n");
    says("\nBreakpoint 1, 0x");
    says("$1 = 1\n");
    expect(&s, "~ #");
    ck_assert_int_eq(write(s.in, "echo is 4$((1+1))\n", 18), 18);
    expect(&s, "is 42");
    end(&s);
}
END_TEST

/* The address of a kernel's symbol, of which a guest with a shell is asked. */
static unsigned symbol(struct stage *s, const char *name)
{
    char command[128], end[64];
    unsigned address = 0;
    int length =
        snprintf(command, sizeof command, "grep ' %s$' /proc/kallsyms; echo found$((1+1))\n", name);
    ck_assert_int_eq(write(s->in, command, (size_t)length), length);
    expect(s, "found2");
    snprintf(end, sizeof end, " %s\r\nfound2", name);
    const char *at = strstr(output, end);
    ck_assert_msg(at && at - output > 10 && sscanf(at - 10, "%8x", &address) == 1, "%s", output);
    ck_assert_uint_gt(address, 0xc0000000);
    return address;
}

/*
 * In Debian's kernel, by the address of a symbol: a function that is called when a shell writes to
 * /proc/sys/kernel/panic, by software's breakpoint and hardware's; and the variable that it sets,
 * which its first argument tells of, a struct ctl_table in EAX.
 */
START_TEST(linux_has_breakpoints)
{
    static const char *const arguments[] = {
        "-kernel", BUILD "/guests/linux",
        "-initrd", BUILD "/guests/initrd.gz",
        "-append", "console=ttyS0 nokaslr rdinit=/bin/sh " LINUX_BRIEFLY,
        NULL};
    static const char mounts[] = "mkdir -p /proc; mount -t proc proc /proc\n";
    static const char writes[] = "while :; do echo 71 > /proc/sys/kernel/panic; "
                                 "echo 72 > /proc/sys/kernel/panic; done & echo is $((6*7))\n";
    char commands[LINE];
    struct stage s = start(arguments);
    expect(&s, "~ #");
    ck_assert_int_eq(write(s.in, mounts, sizeof mounts - 1), sizeof mounts - 1);
    unsigned function = symbol(&s, "proc_dointvec");
    ck_assert_int_eq(write(s.in, writes, sizeof writes - 1), sizeof writes - 1);
    expect(&s, "is 42");
    snprintf(commands, sizeof commands,
             "break *0x%x\ncontinue\nprintf \"at %%x\\n\", $pc\nx/s *(unsigned *)$eax\n"
             "set $set = *(unsigned *)($eax + 4)\ncontinue 2\ninfo breakpoints\n"
             "delete\nstepi\nprintf \"behind %%d\\n\", $pc != 0x%x\n"
             "hbreak *0x%x\ncontinue\nprintf \"hard at %%x\\n\", $pc\ndelete\n"
             "eval \"watch *(int *)%%#x\", $set\ncontinue\ncontinue\ninfo breakpoints\n"
             "printf \"value %%d\\n\", *(int *)$set == 71 || *(int *)$set == 72\n"
             "delete\ndetach\n",
             function, function, function);
    gdb(&s, "", commands);
    snprintf(commands, sizeof commands, "\nat %x\n", function);
    says(commands);
    snprintf(commands, sizeof commands, "\nhard at %x\n", function);
    says(commands);
    says("\"panic\"");
    says("breakpoint already hit 3 times");
    says("\nbehind 1\n");
    says("\nBreakpoint 2, 0x");
    says("Hardware watchpoint 3: ");
    says("Old value = 7");
    says("New value = 7");
    says("already hit 2 times");
    says("\nvalue 1\n");
    ck_assert_int_eq(write(s.in, "kill %1; echo is 4$((1+2))\n", 27), 27);
    expect(&s, "is 43");
    end(&s);
}
END_TEST

/* --- by hand --- */

static int dial(const struct stage *s)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)s->port),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
    return fd;
}

static void put(int fd, const char *text)
{
    char packet[LINE];
    unsigned sum = 0;
    for (const char *c = text; *c; c++)
        sum += (unsigned char)*c;
    int n = snprintf(packet, sizeof packet, "$%s#%02x", text, sum & 0xff);
    ck_assert_int_eq(write(fd, packet, (size_t)n), n);
}

/* The text of the next packet. */
static const char *get(int fd)
{
    static char text[OUTPUT];
    size_t size = 0;
    bool inside = false;
    char c, sum[2];
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        ck_assert_msg(poll(&p, 1, PATIENCE * 1000) > 0 && read(fd, &c, 1) == 1, "nothing comes");
        if (c == '#' && inside)
            break;
        if (inside)
            text[size++] = c;
        inside |= c == '$';
    }
    text[size] = 0;
    ck_assert_int_eq(read(fd, sum, 1) + read(fd, sum + 1, 1), 2);
    ck_assert_int_eq(write(fd, "+", 1), 1);
    return text;
}

static void asks(int fd, const char *request, const char *wanted)
{
    put(fd, request);
    ck_assert_str_eq(get(fd), wanted);
}

/* What is not understood is answered by nothing, what is wrong by an error. */
START_TEST(odd_requests)
{
    static const char *const nothing[] = {"!",      "qSymbol::", "vMustReplyEmpty",   "Z9,0,0",
                                          "bs",     "R00",       "qXfer:x:read::0,1", "",
                                          "vKill;1"};
    static const char *const wrong[] = {"m",       "m1",
                                        "mx,1",    "m1,fffffffffffffffff",
                                        "M0,5:00", "M0,0001",
                                        "p",       "pffff",
                                        "P",       "P0=12",
                                        "Pfff=00", "G",
                                        "Z0",      "Z0,x,1",
                                        "Z2,0,0",  "Z2,fffffffe,8",
                                        "X0,5:ab", "m123456789,1",
                                        "vCont;x", "vCont;",
                                        "T2",      "qXfer:features:read:target.xml:zz"};
    struct stage s = start(waiting);
    int fd = dial(&s);
    asks(fd, "?", "T02thread:01;");
    for (unsigned i = 0; i < sizeof nothing / sizeof *nothing; i++)
        asks(fd, nothing[i], "");
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        put(fd, wrong[i]);
        ck_assert_msg(*get(fd) == 'E', "%s", wrong[i]);
    }
    asks(fd, "T01", "OK");
    asks(fd, "D", "OK");
    close(fd);
    expect(&s, "Type help for a list of commands");
    end(&s);
}
END_TEST

/* Bytes that are no packets, packets without an end: the guest and the next debugger do not mind.
 */
START_TEST(noise)
{
    static const char *const running[] = {"-kernel", BUILD "/guest/tessera-guest.elf", NULL};
    struct stage s = start(running);
    srand(20);
    for (unsigned lap = 0; lap < 20; lap++) {
        int fd = dial(&s);
        char bytes[3000];
        for (unsigned i = 0; i < sizeof bytes; i++)
            bytes[i] = (char)(rand() % 8 ? rand() : "$#m,Z}c\3"[rand() % 8]);
        (void)!write(fd, bytes, sizeof bytes);
        close(fd);
    }
    expect(&s, "Type help for a list of commands");
    int fd = -1;
    for (unsigned tries = 0; tries < 200; tries++) { /* the last one may still be there */
        fd = dial(&s);
        put(fd, "qC");
        char c;
        if (read(fd, &c, 1) == 1)
            break;
        close(fd);
        usleep(50000);
    }
    ck_assert_str_eq(get(fd), "QC01");
    close(fd);
    end(&s);
}
END_TEST

/* A second debugger is sent away; the guest's end is told. */
START_TEST(one_at_a_time)
{
    struct stage s = start(waiting);
    int fd = dial(&s), other;
    char c;
    asks(fd, "qC", "QC01");
    other = dial(&s);
    ck_assert_int_eq(read(other, &c, 1), 0);
    close(other);
    put(fd, "c");
    ck_assert_int_eq(read(fd, &c, 1), 1);
    kill(s.pid, SIGTERM);
    ck_assert_str_eq(get(fd), "W00");
    close(fd);
    end(&s);
}
END_TEST

/* Where the guest begins, as gdb is told of a register. */
static const char *entry(void)
{
    enum { E_ENTRY = 24 };
    static char text[9];
    uint8_t at[4] = {0};
    FILE *elf = fopen(guest, "rb");
    ck_assert(elf && fseek(elf, E_ENTRY, SEEK_SET) == 0 && fread(at, 1, 4, elf) == 4);
    fclose(elf);
    snprintf(text, sizeof text, "%02x%02x%02x%02x", at[0], at[1], at[2], at[3]);
    return text;
}

/* Who only connects keeps no debugger out, and a guest that waits for one goes on waiting. */
START_TEST(strangers)
{
    enum { STRANGERS = 40 };
    struct stage s = start(waiting);
    int fd[STRANGERS];
    for (unsigned i = 0; i < STRANGERS; i++)
        fd[i] = dial(&s);
    for (unsigned i = 0; i < STRANGERS; i += 2)
        close(fd[i]);
    int debugger = dial(&s);
    asks(debugger, "?", "T02thread:01;");
    asks(debugger, "p8", entry());
    asks(debugger, "D", "OK");
    expect(&s, "Type help for a list of commands");
    for (unsigned i = 1; i < STRANGERS; i += 2)
        close(fd[i]);
    close(debugger);
    end(&s);
}
END_TEST

/* Who asks and does not read the answers does not hold up the end. */
START_TEST(answers_nobody_reads)
{
    static const char request[] = "$m100000,1000#7b";
    struct stage s = start(waiting);
    int fd = dial(&s), status;
    asks(fd, "qC", "QC01");
    fcntl(fd, F_SETFL, O_NONBLOCK);
    struct pollfd room = {.fd = fd, .events = POLLOUT};
    while (poll(&room, 1, 1000) > 0)
        (void)!write(fd, request, sizeof request - 1);
    kill(s.pid, SIGTERM);
    ck_assert_int_eq(waitpid(s.pid, &status, 0), s.pid);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    close(fd);
    close(s.in);
    close(s.out);
}
END_TEST

START_TEST(refused)
{
    static const struct {
        const char *options, *message;
    } tests[] = {
        {"-gdb tcp:nowhere", "tessera: -gdb tcp:nowhere: "},
        {"-gdb tcp::70000", "tessera: -gdb tcp::70000: "},
        {"-gdb banana", "tessera: -gdb banana: "},
        {"-s -jit lockstep", "tessera: -gdb: there are no stops in -jit lockstep"},
    };
    for (unsigned i = 0; i < sizeof tests / sizeof *tests; i++) {
        char line[LINE], text[LINE];
        snprintf(line, sizeof line, "./tessera -display none -serial null %s 2>&1 </dev/null",
                 tests[i].options);
        FILE *from = popen(line, "r");
        text[fread(text, 1, sizeof text - 1, from)] = 0;
        ck_assert_int_eq(WEXITSTATUS(pclose(from)), 1);
        ck_assert_msg(strncmp(text, tests[i].message, strlen(tests[i].message)) == 0, "%s", text);
    }
}
END_TEST

static Suite *gdb_suite(void)
{
    Suite *suite = suite_create("gdb");
    TCase *c = tcase_create("gdb");
    tcase_set_timeout(c, 5 * PATIENCE);
    tcase_add_loop_test(c, a_program, 0, 4);
    tcase_add_test(c, values);
    tcase_add_test(c, watchpoints);
    tcase_add_test(c, real_mode);
    tcase_add_test(c, protected_16_bit_mode);
    tcase_add_test(c, linux_runs_and_is_interrupted);
    tcase_add_test(c, linux_has_breakpoints);
    tcase_add_test(c, odd_requests);
    tcase_add_test(c, noise);
    tcase_add_test(c, one_at_a_time);
    tcase_add_test(c, strangers);
    tcase_add_test(c, answers_nobody_reads);
    tcase_add_test(c, refused);
    suite_add_tcase(suite, c);
    return suite;
}

TEST_MAIN(gdb_suite)
