lb_fuzz(fuzz_words fuzz_words.c)
