/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of the user's wishes is the same for every machine. */
#include "hw/options.h"

#include "hw/timer.h"

#include <time.h>

int64_t options_time_of_day(const struct options *o, int64_t utc)
{
    time_t seconds = utc / NS_PER_S;
    struct tm tm;
    if (o->rtc_base == RTC_DATE)
        return o->rtc_date * NS_PER_S;
    if (o->rtc_base == RTC_LOCALTIME && localtime_r(&seconds, &tm))
        return utc + tm.tm_gmtoff * NS_PER_S;
    return utc;
}
