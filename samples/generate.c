/* generate.c - writes the sample files of the invented estate 阳光花园, always alike.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "samples/estate.h"

int main(int count, char **words)
{
    struct estate estate = { .random = { UINT64_C(20261031) } };
    char *inbox;

    if (count != 2)
        give_up("usage: generate FOLDER", "samples");
    inbox = path_in(words[1], "inbox");
    if (mkdir(inbox, 0755) != 0 && errno != EEXIST)
        give_up("cannot create", inbox);
    estate_simulate(&estate);
    form_wechat(&estate, inbox);
    form_app(&estate, inbox);
    form_desk(&estate, inbox);
    form_revisit(&estate, inbox);
    form_calls(&estate, inbox);
    form_registers(inbox);
    free(inbox);
    free(estate.tickets);
    return 0;
}
