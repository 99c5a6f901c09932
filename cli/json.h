/* json.h - strings and numbers as JSON on a stream. */
#ifndef HY_JSON_H
#define HY_JSON_H

#include <stdio.h>

void json_string(FILE *out, const char *text); /* NULL prints null */
void json_number(FILE *out, double number);    /* NaN and Inf print null */

#endif
