/* manual.h - man page and shell completion, made from the verb tables. */
#ifndef HY_MANUAL_H
#define HY_MANUAL_H

/* huiyin(1) in man(7) on standard output. */
void manual_print(void);
void completion_bash(void);
void completion_zsh(void);

#endif
