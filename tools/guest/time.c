/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time: the 8254's channel 0 ticks, and the TSC's rate is measured against it. */
#include "guest.h"

enum {
    PIT_HZ = 1193182,
    PIT_CHANNEL0 = 0x40,
    PIT_CONTROL = 0x43,
    RATE_GENERATOR = 0x34, /* channel 0, low then high byte, mode 2 */
    CALIBRATION_TICKS = 5,
};

volatile u32 ticks;
static u32 tsc_khz;

static u64 read_tsc(void)
{
    u64 value;
    __asm__ volatile("rdtsc" : "=A"(value));
    return value;
}

u64 divide(u64 dividend, u32 divisor, u32 *remainder)
{
    u32 high = (u32)(dividend >> 32) / divisor;
    u32 rest = (u32)(dividend >> 32) % divisor;
    u32 low;
    __asm__("divl %4" : "=a"(low), "=d"(rest) : "0"((u32)dividend), "1"(rest), "rm"(divisor));
    if (remainder)
        *remainder = rest;
    return (u64)high << 32 | low;
}

static void wait_tick(void)
{
    for (u32 now = ticks; ticks == now;)
        __asm__ volatile("hlt");
}

void time_init(void)
{
    u32 reload = (PIT_HZ + TICKS_PER_SECOND / 2) / TICKS_PER_SECOND;
    out8(PIT_CONTROL, RATE_GENERATOR);
    out8(PIT_CHANNEL0, (u8)reload);
    out8(PIT_CHANNEL0, (u8)(reload >> 8));
    if (!cpu_has_tsc())
        return;
    wait_tick();
    u32 from = ticks;
    u64 start = read_tsc();
    while (ticks - from < CALIBRATION_TICKS)
        wait_tick();
    u32 ms = (ticks - from) * (1000 / TICKS_PER_SECOND);
    tsc_khz = (u32)divide(read_tsc() - start, ms, 0);
}

u32 time_tsc_khz(void)
{
    return tsc_khz;
}

u64 time_us(void)
{
    if (!tsc_khz)
        return (u64)ticks * (1000000 / TICKS_PER_SECOND);
    u32 rest;
    u64 ms = divide(read_tsc(), tsc_khz, &rest);
    return ms * 1000 + divide((u64)rest * 1000, tsc_khz, 0);
}
