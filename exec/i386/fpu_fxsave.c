/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FXSAVE and FXRSTOR: x87, MMX, XMM and MXCSR in 512 bytes (SDM vol. 1, table 10-2). */
#include "exec/i386/fpu_internal.h"
#include "exec/i386/helper.h"
#include "exec/i386/sse.h"

#include <string.h>

/* What is stored; the rest of the 512 bytes stays as it is. */
struct fxsave_image {
    u16 control, status;
    u8 tags, reserved_5; /* a bit for each register that is not empty */
    u16 opcode;
    u32 code_offset;
    u16 code_selector, reserved_14;
    u32 data_offset;
    u16 data_selector, reserved_22;
    u32 mxcsr, mxcsr_mask;
    struct {
        u8 value[10], reserved[6];
    } st[8];
    struct xmm xmm[8];
};
_Static_assert(sizeof(struct fxsave_image) == 288, "SDM vol. 1, table 10-2");

enum { SIZE = 512, EMPTY = 3, ALIGNMENT = 16 };

static u8 short_tags(u32 tags)
{
    u8 valid = 0;

    for (unsigned i = 0; i < 8; i++)
        if ((tags >> 2 * i & EMPTY) != EMPTY)
            valid |= 1 << i;
    return valid;
}

/* The host tells valid, zero and special apart by itself. */
static u32 long_tags(u8 valid)
{
    u32 tags = 0;

    for (unsigned i = 0; i < 8; i++)
        if (!(valid >> i & 1))
            tags |= (u32)EMPTY << 2 * i;
    return tags;
}

static void check_alignment(struct cpu *cpu)
{
    if (cpu->regs[T0] % ALIGNMENT)
        cpu_raise_code(cpu, EXC_GP, 0);
}

DEFINE_HELPER(fxsave)
{
    struct fpu_last last = fpu_last(cpu);
    struct fxsave_image image = {
        .control = cpu->fpu.control,
        .status = fpu_status(cpu),
        .opcode = last.opcode,
        .code_offset = last.code_offset,
        .code_selector = last.code_selector,
        .data_offset = last.data_offset,
        .data_selector = last.data_selector,
        .mxcsr = sse_mxcsr(cpu),
        .mxcsr_mask = cpu->sse.mxcsr_mask,
    };
    struct fpu_state s;

    check_alignment(cpu);
    host_save(&s);
    host_restore(&s);
    image.tags = short_tags(s.environment.tags);
    for (unsigned i = 0; i < 8; i++)
        memcpy(image.st[i].value, s.st[i], sizeof image.st[i].value);
    memcpy(image.xmm, cpu->sse.xmm, sizeof image.xmm);
    mem_probe(cpu, cpu->regs[T0], SIZE, ACCESS_WRITE, cpu->cpl == 3);
    fpu_write_image(cpu, &image, sizeof image, 16);
}

static void restore_x87(struct cpu *cpu, const struct fxsave_image *image)
{
    struct fpu *f = &cpu->fpu;
    struct fpu_state s;

    f->control = X87_CONTROL_WORD(image->control);
    f->host_control = f->control | X87_EXCEPTIONS;
    fpu_set_last(cpu, (struct fpu_last){
                          .code_offset = image->code_offset,
                          .code_selector = image->code_selector,
                          .opcode = image->opcode,
                          .data_offset = image->data_offset,
                          .data_selector = image->data_selector,
                      });
    s.environment = (struct fpu_environment){
        .control = f->host_control,
        .status = image->status & ~(u32)(FPU_ES | FPU_B),
        .tags = long_tags(image->tags),
    };
    for (unsigned i = 0; i < 8; i++)
        memcpy(s.st[i], image->st[i].value, sizeof image->st[i].value);
    host_restore(&s);
}

DEFINE_HELPER(fxrstor)
{
    struct fxsave_image image;

    check_alignment(cpu);
    mem_probe(cpu, cpu->regs[T0], SIZE, ACCESS_READ, cpu->cpl == 3);
    fpu_read_image(cpu, &image, sizeof image, 16);
    if (image.mxcsr & ~cpu->sse.mxcsr_mask)
        cpu_raise_code(cpu, EXC_GP, 0);
    restore_x87(cpu, &image);
    memcpy(cpu->sse.xmm, image.xmm, sizeof image.xmm);
    sse_set_mxcsr(cpu, image.mxcsr);
    cpu_update_mode(cpu);
}
