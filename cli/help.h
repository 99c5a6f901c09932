/* help.h - help texts made from the verb tables, so that they cannot part. */
#ifndef HY_HELP_H
#define HY_HELP_H

#include "cli/verb.h"

void help_overview(void);
void help_verb(const struct verb *verb);

#endif
