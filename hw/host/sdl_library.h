/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SDL, without the vector instructions of the compiler, five sixths of what its header includes. */
#ifndef HW_HOST_SDL_LIBRARY_H
#define HW_HOST_SDL_LIBRARY_H

#define SDL_DISABLE_IMMINTRIN_H
#define SDL_DISABLE_MMINTRIN_H
#define SDL_DISABLE_XMMINTRIN_H
#define SDL_DISABLE_EMMINTRIN_H
#define SDL_DISABLE_PMMINTRIN_H
#include <SDL2/SDL.h>

#endif
