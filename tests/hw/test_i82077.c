/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floppy disk controller by Intel's data sheet: registers, commands without data; its disks. */
#include "tests/hw/i82077_fixture.h"

#include "exec/memory.h"

#include <errno.h>

/* --- registers and control commands --- */

START_TEST(reset_and_polling)
{
    fdc_out(DOR, 0x18);
    ck_assert_uint_eq(fdc_in(STATUS), 0);
    fdc_out(FIFO, 0x08); /* to nobody */
    fdc_out(DOR, 0x1c);
    ck_assert(!fdc_irq.level); /* not at once */
    fdc_let_run();
    ck_assert(fdc_irq.level);
    SEND("\x08");
    EXPECT("\xc0\x00");
    ck_assert(!fdc_irq.level);
    SEND("\x08");
    EXPECT("\xc1\x00");
    fdc_out(STATUS, 0x80); /* by the DSR */
    fdc_let_run();
    ck_assert(fdc_irq.level);
    for (unsigned i = 0; i < 4; i++) {
        SEND("\x08");
        fdc_let_run();
        ck_assert_uint_eq(fdc_in(FIFO), 0xc0 | i);
        fdc_in(FIFO);
    }
    SEND("\x08");
    EXPECT("\x80");
    fdc_out(DOR, 0x04); /* no gate to the bus */
    SEND("\x0f\x00\x05");
    fdc_let_run();
    ck_assert(!fdc_irq.level);
    fdc_out(DOR, 0x0c);
    ck_assert(fdc_irq.level);
    ck_assert_uint_eq(fdc_in(DOR), 0x0c);
    ck_assert_uint_eq(fdc_in(0), 0xff);
    fdc_out(3, 0xff);
    ck_assert_uint_eq(fdc_in(3), 3);
}
END_TEST

START_TEST(what_it_is)
{
    SEND("\x10");
    EXPECT("\x90");
    SEND("\x18"); /* PART ID is a later chip's */
    EXPECT("\x80");
    SEND("\x94");
    EXPECT("\x10");
    SEND("\x14");
    EXPECT("\x00");
    SEND("\x00");
    EXPECT("\x80");
    SEND("\x25"); /* WRITE with SK */
    EXPECT("\x80");
}
END_TEST

START_TEST(registers_are_dumped)
{
    SEND("\x03\xaf\x02");
    SEND("\x13\x00\x57\x11");
    SEND("\x12\x84");
    SEND("\x12\x03"); /* no OW: the drives stay */
    fdc_seek(7);
    SEND("\x94");
    EXPECT("\x10");
    SEND("\x0e");
    EXPECT("\x07\x00\x00\x00\xaf\x02\x00\x87\x57\x11");
    fdc_out(DOR, 0x18);
    fdc_out(DOR, 0x1c);
    fdc_let_run();
    for (unsigned i = 0; i < 4; i++) {
        SEND("\x08");
        fdc_in(FIFO);
        fdc_in(FIFO);
    }
    SEND("\x0e");
    EXPECT("\x00\x00\x00\x00\xaf\x02\x00\x84\x07\x11"); /* of what was locked */
    SEND("\x14");
    EXPECT("\x00");
    fdc_out(STATUS, 0x80);
    fdc_let_run();
    SEND("\x0e");
    EXPECT("\x00\x00\x00\x00\xaf\x02\x00\x04\x20\x00");
}
END_TEST

START_TEST(seeks)
{
    SEND("\x04\x00");
    EXPECT("\x38"); /* at track 0 */
    SEND("\x0f\x04\x2a");
    ck_assert_uint_eq(fdc_in(STATUS), 0x81);
    fdc_let_run();
    ck_assert_uint_eq(fdc_in(STATUS), 0x80);
    SEND("\x08");
    EXPECT("\x24\x2a");
    SEND("\x04\x04");
    EXPECT("\x2c");
    SEND("\xcf\x00\x05"); /* relative, inwards */
    fdc_let_run();
    SEND("\x08");
    EXPECT("\x20\x2f");
    SEND("\x8f\x00\x07");
    fdc_let_run();
    SEND("\x08");
    EXPECT("\x20\x28");
    ck_assert_uint_eq(fdc.unit[0].drive.track, 0x28);
    SEND("\x07\x00");
    fdc_let_run();
    SEND("\x08");
    EXPECT("\x20\x00");
    SEND("\x07\x01"); /* there is no drive */
    fdc_let_run();
    SEND("\x08");
    EXPECT("\x71\x00");
    SEND("\x04\x01");
    EXPECT("\x29");
}
END_TEST

/* Two drives seek at once; each end is told. */
START_TEST(overlapping_seeks)
{
    floppy_init(&fdc.unit[1].drive, NULL);
    SEND("\x0f\x00\x14");
    SEND("\x0f\x01\x03");
    ck_assert_uint_eq(fdc_in(STATUS), 0x83);
    fdc_let_run();
    SEND("\x08");
    EXPECT("\x20\x14");
    ck_assert(fdc_irq.level);
    SEND("\x08");
    EXPECT("\x21\x03");
    ck_assert(!fdc_irq.level);
}
END_TEST

static uint8_t dir(void)
{
    return (uint8_t)i82077_read_dir(&fdc, 0, 1);
}

START_TEST(disk_change_line)
{
    ck_assert_uint_eq(dir(), 0x80);
    fdc_seek(1);
    ck_assert_uint_eq(dir(), 0);
    ck_assert(i82077_change(&fdc, 0, NULL));
    ck_assert_uint_eq(dir(), 0x80);
    fdc_seek(2); /* with nothing in it */
    ck_assert_uint_eq(dir(), 0x80);
    ck_assert(i82077_change(&fdc, 0, &fdc_disk.disk));
    ck_assert_uint_eq(dir(), 0x80);
    fdc_seek(2); /* no step */
    ck_assert_uint_eq(dir(), 0x80);
    fdc_seek(1);
    ck_assert_uint_eq(dir(), 0);
    ck_assert(!i82077_change(&fdc, 1, &fdc_disk.disk)); /* no such drive */
    ck_assert(!i82077_change(&fdc, 2, NULL));
    fdc_out(DOR, 0x1d);
    ck_assert_uint_eq(dir(), 0);
}
END_TEST

/* --- disks --- */

START_TEST(formats_by_size)
{
    static const struct {
        unsigned kib, cylinders, heads, track;
        enum floppy_type drive;
    } sizes[] = {
        {160, 40, 1, 8, FLOPPY_360K},    {180, 40, 1, 9, FLOPPY_360K},
        {320, 40, 2, 8, FLOPPY_360K},    {360, 40, 2, 9, FLOPPY_360K},
        {640, 80, 2, 8, FLOPPY_1440K},   {720, 80, 2, 9, FLOPPY_1440K},
        {820, 82, 2, 10, FLOPPY_1440K},  {1200, 80, 2, 15, FLOPPY_1200K},
        {1440, 80, 2, 18, FLOPPY_1440K}, {1680, 80, 2, 21, FLOPPY_1440K},
        {1722, 82, 2, 21, FLOPPY_1440K}, {2880, 80, 2, 36, FLOPPY_2880K},
        {1000, 80, 2, 18, FLOPPY_1440K}, {2000, 80, 2, 36, FLOPPY_2880K},
    };
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const struct floppy_format *f = floppy_format_of(sizes[i].kib * 1024ull);
        ck_assert_ptr_nonnull(f);
        ck_assert_uint_eq(f->cylinders, sizes[i].cylinders);
        ck_assert_uint_eq(f->heads, sizes[i].heads);
        ck_assert_uint_eq(f->track, sizes[i].track);
        ck_assert_int_eq(f->drive, sizes[i].drive);
        ck_assert_uint_eq(f->sectors, f->cylinders * f->heads * f->track);
    }
    for (uint64_t size = 512; size <= 3840 * 1024; size += 512) {
        const struct floppy_format *f = floppy_format_of(size);
        ck_assert(!f || f->sectors == f->cylinders * f->heads * f->track);
    }
    ck_assert_ptr_nonnull(floppy_format_of(512));
    ck_assert_ptr_null(floppy_format_of(0));
    ck_assert_ptr_null(floppy_format_of(4000 * 1024));
    ck_assert_ptr_null(floppy_format_of(UINT64_MAX));
}
END_TEST

/* A drive of 80 tracks and a disk of 40: two steps a track, and 300K. */
START_TEST(double_steps)
{
    fdc_insert(1200 * 1024);
    fake_disk_init(&fdc_disk, fdc_image, 360 * 1024);
    ck_assert(i82077_change(&fdc, 0, &fdc_disk.disk));
    fdc_set_rate(RATE_300K);
    fdc_seek(20);
    fdc_dma_in(512);
    SEND("\x46\x00\x0a\x00\x01\x02\x09\x1b\xff");
    EXPECT("\x00\x00\x00\x0a\x00\x02\x02");
    fdc_expect_memory(10 * 18, 512);
}
END_TEST

/* What an image lacks reads as zeros, and cannot be written. */
START_TEST(short_images)
{
    fdc_insert(512);
    fdc_dma_in(1024);
    SEND("\x46\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x00\x00\x00\x00\x00\x03\x02");
    fdc_expect_memory(0, 512);
    ck_assert_uint_eq(memory_read(fdc_memory, BUFFER + 512, 4), 0);
    fdc_dma_out(1024);
    SEND("\x45\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x40\x04\x00\x00\x00\x02\x02");
}
END_TEST

START_TEST(a_disk_taken_out_ends_its_command)
{
    fdc_dma_in(512);
    SEND("\x46\x00\x00\x00\x01\x02\x12\x1b\xff");
    advance(fdc_timers, NS_PER_MS);
    ck_assert_ptr_nonnull(fdc_disk.first);
    ck_assert(i82077_change(&fdc, 0, NULL));
    ck_assert_ptr_null(fdc_disk.first);
    EXPECT("\x40\x01\x00\x00\x00\x01\x02");
}
END_TEST

START_TEST(reset_ends_a_command)
{
    fdc_dma_in(512);
    SEND("\x46\x00\x00\x00\x01\x02\x12\x1b\xff");
    advance(fdc_timers, NS_PER_MS);
    ck_assert_ptr_nonnull(fdc_disk.first);
    fdc_out(DOR, 0x18);
    ck_assert_ptr_null(fdc_disk.first);
    fdc_out(DOR, 0x1c);
    fdc_let_run();
    ck_assert_uint_eq(fdc_in(STATUS), 0x80);
    ck_assert_uint_eq(memory_read(fdc_memory, BUFFER, 4), 0);
}
END_TEST

static void random_command(uint32_t *random)
{
    static const uint8_t codes[] = {0x46, 0xe6, 0x45, 0x4d, 0x4a, 0x42, 0x51, 0x59, 0x5d, 0x56,
                                    0x49, 0x4c, 0x07, 0x0f, 0x13, 0x03, 0x08, 0x0e, 0x94, 0xcf};
    fdc_out(FIFO, codes[next_random(random) % sizeof codes]);
    for (unsigned i = 0; i < 8; i++) {
        uint32_t r = next_random(random);
        fdc_out(FIFO, (uint8_t)(r & 0x700 ? r & 3 : r));
    }
}

START_TEST(hostile_guest)
{
    uint32_t random = (uint32_t)_i;
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t r = next_random(&random);
        if (r % 16 == 0)
            random_command(&random);
        else if (r % 16 == 1)
            i8237_write(&fdc_dma[0], r >> 4 & 15, (uint8_t)(r >> 8), 1);
        else if (r % 16 == 2)
            fdc_set_up_dma((uint8_t)(r >> 4), (r >> 12 & 0xfff) + 1);
        else if (r % 256 == 3)
            i82077_change(&fdc, r >> 8 & 3, r & 0x1000 ? &fdc_disk.disk : NULL);
        else if (r % 16 < 8)
            fdc_out(r >> 4 & 7, (uint8_t)(r % 16 == 4 ? 0x1c : r >> 8));
        else
            fdc_in(r >> 4 & 7);
        advance(fdc_timers, next_random(&random));
        fdc_disk.error = r & 0x300000 ? 0 : EIO;
        if (r & 0x800000)
            fake_disk_deliver(&fdc_disk);
    }
}
END_TEST

Suite *i82077_suite(void)
{
    Suite *suite = suite_create("i82077");
    TCase *c = tcase_create("i82077");
    tcase_add_checked_fixture(c, fdc_setup, fdc_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, reset_and_polling);
    tcase_add_test(c, what_it_is);
    tcase_add_test(c, registers_are_dumped);
    tcase_add_test(c, seeks);
    tcase_add_test(c, overlapping_seeks);
    tcase_add_test(c, disk_change_line);
    tcase_add_test(c, formats_by_size);
    tcase_add_test(c, double_steps);
    tcase_add_test(c, short_images);
    tcase_add_test(c, a_disk_taken_out_ends_its_command);
    tcase_add_test(c, reset_ends_a_command);
    tcase_add_loop_test(c, hostile_guest, 1, 8);
    suite_add_tcase(suite, c);
    return suite;
}
