/*
 * bystander.h - what people keep beside their exports and no reader should take:
 * lock files, the system's own files, pictures, our own reports.
 */
#ifndef HY_BYSTANDER_H
#define HY_BYSTANDER_H

#include "ingest/reader.h"

enum bystander {
    BYSTANDER_NONE,
    BYSTANDER_HIDDEN,
    BYSTANDER_LOCK,
    BYSTANDER_PICTURE,
    BYSTANDER_OWN
};

/* By the name without its folder: lock files and hidden ones only. */
enum bystander bystander_name(const char *name);
/* By the bytes: pictures, and reports whose properties say that we wrote them.  What
 * we write to be filled in and put back (forms, 待确认, 退回待补) is none. */
enum bystander bystander_bytes(const struct source *source);

#endif
