/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole Debian on its disk, from the master boot record on (tools/debian-disk.sh). */
#include "emulator.h"
#include "test_guests.h"
#include "tests/media/picture.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROMPT "root@tessera:~# "

static char disk[] = "/tmp/tessera-debian-XXXXXX";
static char picture[sizeof disk + 8], text[sizeof disk + 8]; /* what was on the screen */
static bool kept; /* by a test that failed, for people to look at */

/* A copy to write to; most of the file is holes. */
static void copy_disk(void)
{
    char command[256];

    close(mkstemp(disk));
    snprintf(command, sizeof command, "cp --sparse=always %s %s", DEBIAN_DISK, disk);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c) a command of our own */
    snprintf(picture, sizeof picture, "%s.png", disk);
    snprintf(text, sizeof text, "%s.text", disk);
}

static void remove_disk(void)
{
    unlink(disk);
    if (kept)
        return;
    unlink(picture);
    unlink(text);
}

static struct emulator *boot_to_prompt(const char *const *arguments)
{
    struct emulator *e = emulator_start(ON_TERMINAL, arguments);

    emulator_expect(e, "GRUB");
    emulator_expect(e, "Debian GNU/Linux 12 tessera ttyS0");
    emulator_expect(e, "tessera login: ");
    emulator_send(e, "root\r");
    emulator_expect(e, PROMPT);
    return e;
}

/* The command's output holds `wanted`, which the command itself does not. */
static void check_output(struct emulator *e, const char *command, const char *wanted)
{
    size_t from = e->seen;

    ck_assert_ptr_null(strstr(command, wanted));
    emulator_send(e, command);
    emulator_send(e, "; echo @$?@\r");
    ck_assert_int_eq(emulator_expect_status(e), 0);
    ck_assert_msg(strstr(e->text + from, wanted), "%s: no '%s' in:\n%s", command, wanted,
                  e->text + from);
}

static void await_end(struct emulator *e)
{
    int status = emulator_wait(e);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "wait status %#x", status);
    emulator_kill(e);
}

static void end_by(struct emulator *e, const char *command)
{
    emulator_send(e, command);
    await_end(e);
}

static void restart(struct emulator *e)
{
    end_by(e, "reboot -f\r");
}

static void turn_off(struct emulator *e)
{
    end_by(e, "poweroff\r");
}

/* The monitor takes the terminal for one command. */
static void tell_monitor(struct emulator *e, const char *command)
{
    const char *const monitor = "\001c", *prompt = emulator_is_qemu() ? "(qemu) " : "(tessera) ";

    emulator_send(e, monitor);
    emulator_expect(e, prompt);
    emulator_send(e, command);
    emulator_expect(e, prompt);
    emulator_send(e, monitor);
}

/* Its user turns it off, and it does what is to be done before. */
static void push_power_button(struct emulator *e)
{
    tell_monitor(e, "system_powerdown\r");
    emulator_expect(e, "reboot: Power down");
    await_end(e);
}

/* --- the screen, which is looked at until it shows what it is to --- */

static bool picture_is(const char *wanted)
{
    static const struct region line = {0, 0, 96, 16}; /* of twelve characters */
    char digest[17];
    picture_digest(picture, &line, digest);
    return strcmp(digest, wanted) == 0;
}

static bool text_is(const char *wanted)
{
    char found[8192] = "";
    FILE *f = fopen(text, "r");
    if (!f)
        return false;
    found[fread(found, 1, sizeof found - 1, f)] = '\0';
    fclose(f);
    return strstr(found, wanted);
}

static void check_screen(struct emulator *e, bool (*is)(const char *wanted), const char *wanted)
{
    enum { LOOKS = 3000, EACH_US = 100 * 1000 };
    for (unsigned i = 0; i < LOOKS; i++) {
        ck_assert_int_eq(kill(e->pid, SIGUSR1), 0);
        usleep(EACH_US);
        if (is(wanted))
            return;
    }
    kept = true;
    ck_abort_msg("the screen does not show %s (files: %s, %s)", wanted, picture, text);
}

/* As it boots there is a frame buffer; the next boot is to be without, in the VGA's text mode. */
static void check_frame_buffer(struct emulator *e)
{
    check_output(e, "cat /proc/fb | tr a-z A-Z", "BOCHS-DRM");
    check_output(e, "clear >/dev/tty1; printf 'seen on tty1' >/dev/tty1; echo pri''nted",
                 "printed");
    check_screen(e, picture_is, "9d06734aa2d1442f");
    check_output(e, "sed -i 's/console=tty0/& nomodeset/' /boot/grub/grub.cfg; echo ed''ited",
                 "edited");
}

static void check_text(struct emulator *e)
{
    check_screen(e, text_is, "Debian GNU/Linux 12 tessera tty1");
    check_screen(e, text_is, "tessera login:");
}

/* --- from outside, by a port of the host's that leads to its sshd --- */

static char keys[] = "/tmp/tessera-keys-XXXXXX";

static void make_key(char *line, size_t size)
{
    char command[128], path[64];

    ck_assert_ptr_nonnull(mkdtemp(keys));
    snprintf(command, sizeof command, "ssh-keygen -q -t ed25519 -N '' -C test -f %s/key", keys);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c) a command of our own */
    snprintf(path, sizeof path, "%s/key.pub", keys);
    FILE *f = fopen(path, "r");
    ck_assert_ptr_nonnull(f);
    ck_assert_ptr_nonnull(fgets(line, (int)size, f));
    fclose(f);
    line[strcspn(line, "\n")] = '\0';
}

static void remove_key(void)
{
    char command[64];

    snprintf(command, sizeof command, "rm -rf %s", keys);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c) a command of our own */
}

/* The first word that a command there prints. */
static const char *word_by_ssh(int port, const char *command)
{
    static char word[256];
    char line[512];

    snprintf(line, sizeof line,
             "ssh -q -p %d -i %s/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "
             "-o ConnectTimeout=60 root@127.0.0.1 '%s'",
             port, keys, command);
    FILE *pipe = popen(line, "r"); /* NOLINT(cert-env33-c) a command of our own */
    ck_assert_ptr_nonnull(pipe);
    int got = fscanf(pipe, "%255s", word);
    ck_assert_int_eq(pclose(pipe), 0);
    ck_assert_int_eq(got, 1);
    return word;
}

/* Its own scripts set the network up, by DHCP; a file goes there and comes back. */
static void check_ssh(struct emulator *e, int port, const char *key)
{
    char line[320], digest[64];

    check_output(e,
                 "until ip -4 addr show dev eth0 | grep -q 10''.0.2.15; do sleep 1; done; "
                 "echo ad''dress",
                 "address");
    snprintf(line, sizeof line, "mkdir -p .ssh; echo %s >.ssh/authorized_keys; echo do''ne", key);
    check_output(e, line, "done");
    ck_assert_str_eq(word_by_ssh(port, "hostname"), "tessera");
    strcpy(digest, word_by_ssh(port, "head -c 5000000 /dev/urandom >f; sha1sum f"));
    ck_assert_str_eq(word_by_ssh(port, "cat f' | sha1sum #"), digest);
}

/* --- the disk, twice --- */

START_TEST(debian_boots_and_keeps_what_is_written)
{
    const int port = 20000 + getpid() % 20000;
    char nic[64], key[256];
    const char *const of_qemu[] = {"-nographic", "-no-reboot", "-m", "256", "-hda", disk, NULL};
    const char *ours[] = {"-nographic", "-no-reboot",  "-m", "256", "-hda", disk, "-screendump",
                          picture,      "-screentext", text, NULL,  nic,    NULL};
    const char *const *arguments = emulator_is_qemu() ? of_qemu : ours;
    struct emulator *e = boot_to_prompt(arguments);

    check_output(e, "systemctl is-system-running --wait | tr a-z A-Z", "RUNNING");
    if (!emulator_is_qemu())
        check_frame_buffer(e); /* nothing is written to tty1 any more */
    check_output(e, "grep ' / ' /proc/mounts", "ext4");
    check_output(e,
                 "dd if=/dev/urandom of=/kept bs=1M count=16 2>/dev/null; sha1sum /kept | tee /sum",
                 "  /kept");
    check_output(e, "sync; echo sy''nced", "synced");
    restart(e);
    snprintf(nic, sizeof nic, "user,hostfwd=tcp::%d-:22", port);
    ours[10] = "-nic"; /* a card that is new to it */
    e = boot_to_prompt(arguments);
    if (!emulator_is_qemu()) {
        check_text(e);
        make_key(key, sizeof key);
        check_ssh(e, port, key);
        remove_key();
    }
    check_output(e, "sha1sum -c /sum", "/kept: OK");
    check_output(e, "cat /proc/interrupts", "IO-APIC");
    check_output(e, "dmesg | grep -i hpet", "clocksource: hpet");
    check_output(e, "dmesg | grep button", "Power Button [PWRF]");
    push_power_button(e);
}
END_TEST

/* --- by virtio --- */

static char snapshots[] = "/tmp/tessera-debian-XXXXXX";

static void save_as(struct emulator *e, const char *name)
{
    char line[64];

    snprintf(line, sizeof line, "savevm %s\r", name);
    tell_monitor(e, line);
}

/* Writes to the disk and reads it again, while frames go to and fro. */
static const char work[] =
    "dmesg -n 1; ip link set eth0 up; ip addr add 10.0.2.15/24 dev eth0; (ping -q 10.0.2.2 >/pings "
    "&); "
    "(for i in $(seq 16); do seq $i 90000 >/f$i; sync; echo 3 >/proc/sys/vm/drop_caches; "
    "cat /f* | sha1sum >/sum; [ $i = 3 ] && echo be''gun; done; echo en''ded) &\r";

/* What the work came to, where both still go on. */
static char *end_of_work(struct emulator *e)
{
    emulator_expect(e, "ended");
    size_t from = e->seen;
    check_output(e, "echo; cat /sum", "  -");
    check_output(e, "ping -c 1 10.0.2.2; pkill -INT ping; sleep 1; cat /pings", "1 received");
    return strndup(strstr(e->text + from, "  -") - 40, 40);
}

/*
 * The same disk, read by our BIOS for GRUB and by Linux's driver then; and a snapshot while it and
 * the network are at work, which goes on in another engine as without it.
 */
START_TEST(debian_boots_from_a_virtio_disk)
{
    char drive[128], command[64];
    const char *arguments[] = {"-nographic",
                               "-no-reboot",
                               "-m",
                               "256",
                               "-drive",
                               drive,
                               "-nic",
                               "user,model=virtio",
                               "-device",
                               "virtio-rng-pci",
                               "-snapshot-dir",
                               snapshots,
                               NULL,
                               "busy",
                               "-jit",
                               "ir",
                               NULL};

    ck_assert_ptr_nonnull(mkdtemp(snapshots));
    snprintf(drive, sizeof drive, "file=%s,if=virtio,format=raw,snapshot=on", disk);
    struct emulator *e = boot_to_prompt(arguments);
    check_output(e, "findmnt -n -o SOURCE / | tr a-z A-Z", "/DEV/VDA1");
    check_output(e, "ls /sys/block | tr a-z A-Z | tr '\\n' ' '", "VDA");
    check_output(e, "grep virtio.-req /proc/interrupts", "PCI-MSI");
    check_output(e, "grep virtio.-input /proc/interrupts", "PCI-MSI");
    check_output(e, "modprobe virtio_rng; tr a-z A-Z </sys/class/misc/hw_random/rng_current",
                 "VIRTIO_RNG");
    check_output(e,
                 "head -c 512 /dev/hwrng >a; head -c 512 /dev/hwrng >b; cmp -s a b; "
                 "echo $? $(cat a b | wc -c)",
                 "1 1024");
    emulator_send(e, work);
    emulator_expect(e, "begun");
    save_as(e, "busy");
    char *wanted = end_of_work(e);
    turn_off(e);
    arguments[12] = "-loadvm";
    e = emulator_start(ON_TERMINAL, arguments);
    char *digest = end_of_work(e);
    ck_assert_str_eq(digest, wanted);
    turn_off(e);
    free(digest);
    free(wanted);
    snprintf(command, sizeof command, "rm -r %s", snapshots);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c) a command of our own */
}
END_TEST

/* --- its sound cards --- */

enum { WAV_RATE = 44100, WAV_HEADER = 44, QUIET = WAV_RATE / 10 };

struct wav {
    int16_t (*frame)[2];
    size_t count, at; /* where it was looked at last */
};

static struct wav read_wav(const char *path)
{
    uint8_t header[WAV_HEADER];
    FILE *f = fopen(path, "rb");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
    struct wav w = {.count = (size_t)(ftell(f) - WAV_HEADER) / sizeof *w.frame};
    w.frame = malloc(w.count * sizeof *w.frame);
    ck_assert_ptr_nonnull(w.frame);
    rewind(f);
    ck_assert_uint_eq(fread(header, 1, sizeof header, f), sizeof header);
    ck_assert_uint_eq(fread(w.frame, sizeof *w.frame, w.count, f), w.count);
    fclose(f);
    return w;
}

/* Behind a tenth of a second of silence, or of what does not change. */
static void skip_to_sound(struct wav *w)
{
    size_t same = 0;
    for (; w->at + 1 < w->count; w->at++) {
        if (w->frame[w->at][0] != w->frame[w->at + 1][0] && same >= QUIET)
            return;
        same = w->frame[w->at][0] == w->frame[w->at + 1][0] ? same + 1 : 0;
    }
    ck_abort_msg("no more is heard");
}

/*
 * The next thing is a tone of so many hertz, without a gap; on both channels if it was played on
 * one. The middle of its second is looked at: what a card does around it is its own.
 */
static void expect_tone(struct wav *w, unsigned hz, bool on_both)
{
    skip_to_sound(w);
    const size_t from = w->at + QUIET, to = from + WAV_RATE * 8 / 10;
    size_t last = 0, waves = 0, first = 0;
    ck_assert_uint_lt(to, w->count);
    for (w->at = from; w->at < to; w->at++) {
        const int16_t *now = w->frame[w->at], *before = w->frame[w->at - 1];
        ck_assert_int_eq(now[1], on_both ? now[0] : w->frame[0][1]);
        if (before[0] >= 0 || now[0] < 0)
            continue;
        size_t apart = w->at - last, wanted = WAV_RATE / hz;
        ck_assert_msg(!waves || (apart + 1 >= wanted && apart <= wanted + 2),
                      "%u Hz, wave %zu: %zu frames long", hz, waves, apart);
        first = waves++ ? first : w->at;
        last = w->at;
        ck_assert_msg(w->frame[w->at + wanted / 4][0] > 2500, "%u Hz: %d is not loud", hz,
                      w->frame[w->at + wanted / 4][0]);
    }
    double is = (double)(waves - 1) * WAV_RATE / (double)(last - first);
    ck_assert_msg(waves > 1 && is > hz * 0.999 && is < hz * 1.001, "%u Hz: %f", hz, is);
}

static void play(struct emulator *e, const char *what)
{
    char command[80];
    snprintf(command, sizeof command, "/tmp/tone %s; sleep 1", what);
    check_output(e, command, "played");
}

/* Linux's own drivers, by interrupts and DMA, at the rates and in the formats that cards differ in.
 */
START_TEST(debian_plays_tones)
{
    static const char tone[] = "file=" TONE_PROGRAM ",if=virtio,format=raw,readonly=on";
    char audiodev[64], wav[] = "/tmp/tessera-wav-XXXXXX";
    close(mkstemp(wav));
    snprintf(audiodev, sizeof audiodev, "wav,id=a,path=%s", wav);
    struct emulator *e = boot_to_prompt(
        (const char *[]){"-nographic", "-m", "256", "-snapshot", "-hda", DEBIAN_DISK, "-icount",
                         "shift=1,sleep=off", "-drive", tone, "-device", "AC97,audiodev=a",
                         "-device", "sb16,audiodev=a", "-audiodev", audiodev, NULL});
    check_output(e, "cat /dev/vda >/tmp/tone; chmod +x /tmp/tone; cat /proc/asound/car''ds",
                 "Intel 82801AA-ICH with STAC9700,83,84 at irq");
    play(e, "0 48000 2 16 1000");
    play(e, "0 22050 2 16 525");
    play(e, "0 48000 2 16 800 8"); /* the shortest period that the driver has */
    check_output(e,
                 "modprobe snd-sb16 isapnp=0 port=0x220 irq=5 dma8=1 dma16=5; "
                 "cat /proc/asound/car''ds",
                 "Sound Blaster 16 at 0x220, irq 5, dma 1&5");
    play(e, "1 44100 2 16 900");
    play(e, "1 11025 1 16 441");
    play(e, "1 22050 1 8 630");
    play(e, "1 44100 2 8 882");
    check_output(e,
                 "modprobe -r snd-sb16; modprobe snd-sb16 isapnp=0 port=0x220 irq=5 dma8=1 "
                 "dma16=-1; cat /proc/asound/car''ds",
                 "Sound Blaster 16 at 0x220, irq 5, dma 1");
    play(e, "1 22050 2 16 735"); /* by 8-bit DMA */
    turn_off(e);
    struct wav w = read_wav(wav);
    expect_tone(&w, 1000, false);
    expect_tone(&w, 525, false);
    expect_tone(&w, 800, false);
    expect_tone(&w, 900, false);
    expect_tone(&w, 441, true);
    expect_tone(&w, 630, true);
    expect_tone(&w, 882, false);
    expect_tone(&w, 735, false);
    free(w.frame);
    unlink(wav);
}
END_TEST

Suite *debian_suite(void)
{
    Suite *s = suite_create("Debian");
    TCase *c = tcase_create("disk");

    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_checked_fixture(c, copy_disk, remove_disk);
    tcase_add_test(c, debian_boots_and_keeps_what_is_written);
    suite_add_tcase(s, c);
    c = tcase_create("virtio");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_checked_fixture(c, copy_disk, remove_disk);
    tcase_add_test(c, debian_boots_from_a_virtio_disk);
    if (!emulator_is_qemu()) /* whose snapshots are elsewhere */
        suite_add_tcase(s, c);
    c = tcase_create("sound");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_test(c, debian_plays_tones);
    if (!emulator_is_qemu())
        suite_add_tcase(s, c);
    return s;
}
