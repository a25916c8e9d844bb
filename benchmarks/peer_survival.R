# SPDX-License-Identifier: BSL-1.0
# CPU seconds of R's survival package for the curves that event_times_benchmark times, on the same
# rows: product-limit at 10^4 to 10^6, competing risks at 10^4 and 10^5.
# Run: Rscript benchmarks/peer_survival.R (a minute). The checks are those that the library
# gives, but for the steps of nearly distinct times: R takes times for tied that differ by less than
# 1.5e-8 of their mean.
if (!requireNamespace("survival", quietly = TRUE)) {
  cat("skipped: the R package survival is not installed here\n")
  quit()
}
suppressMessages(library(survival))

# The recipe of event_times_benchmark.cpp. Products stay below 2^53 and so are exact.
lehmer <- function(n) {
  x <- 1
  drawn <- numeric(n)
  for (i in seq_len(n)) {
    x <- (x * 16807) %% 2147483647
    drawn[i] <- x
  }
  drawn
}
largest <- 1000000
drawn <- matrix(lehmer(3 * largest), nrow = 3)
days <- 1 + drawn[1, ] %% 3000
fine <- 1 + drawn[1, ]
end <- drawn[2, ] %% 10
cause <- ifelse(end < 3, 0, ifelse(end < 8, 1, 2))
late <- drawn[3, ] %% 2 == 0
entry <- ifelse(late, (drawn[3, ] %/% 2) %% 1000, 0)
group <- drawn[3, ] %% 3

# The best of three, user and system.
seconds <- function(run) min(replicate(3, sum(system.time(run())[1:2])))

cat("survival", format(packageVersion("survival")), "R", format(getRversion()), "\n")
cat(sprintf("%-34s %9s %10s  %s\n", "what", "rows", "CPU s", "check"))
report <- function(what, n, run, check) {
  cat(sprintf("%-34s %9d %10.4f  %s\n", what, as.integer(n), seconds(run), check(run())))
}
last_survival <- function(fit) sprintf("S at 1000: %.15f", summary(fit, times = 1000)$surv)
for (n in c(1e4, 1e5, 1e6)) {
  i <- seq_len(n)
  report("Kaplan-Meier, days", n, function() survfit(Surv(days[i], cause[i] != 0) ~ 1),
         last_survival)
  report("Kaplan-Meier, days, late entry", n,
         function() survfit(Surv(entry[i], days[i] + entry[i], cause[i] != 0) ~ 1), last_survival)
  report("Kaplan-Meier, nearly all distinct", n,
         function() survfit(Surv(fine[i], cause[i] != 0) ~ 1),
         function(fit) sprintf("steps: %d", length(fit$time)))
  report("log-rank, three groups", n,
         function() survdiff(Surv(days[i], cause[i] != 0) ~ group[i]),
         function(test) sprintf("chi-square: %.12f", test$chisq))
}
for (n in c(1e4, 1e5)) {
  i <- seq_len(n)
  state <- factor(cause[i])
  report("Aalen-Johansen, two causes, days", n, function() survfit(Surv(days[i], state) ~ 1),
         function(fit) sprintf("F1 at 1000: %.15f", summary(fit, times = 1000)$pstate[2]))
}
