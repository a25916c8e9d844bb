# SPDX-License-Identifier: BSL-1.0
# R's glm on the data of logistic_benchmark.cpp: prints rows, the first coefficient, and CPU
# milliseconds (the fastest of five) of glm and of the fit inside it. Run it with OMP_NUM_THREADS=1.
args <- commandArgs(trailingOnly = TRUE)
sizes <- if (length(args) > 0) as.numeric(args) else c(1e4, 1e5)
columns <- 10
for (n in sizes) {
  # The congruential sequence of the benchmark; its state s(i) is 16807^i s(0), so that it doubles.
  # A product of two residues exceeds 2^53: multiply by halves of 16 bits.
  p <- 2147483647
  times <- function(a, b) {
    high <- b %/% 65536
    low <- b %% 65536
    (((a * high) %% p) * 65536 + a * low) %% p
  }
  need <- n * (columns + 2)
  s <- times(20240601, 16807)
  factor <- 16807
  while (length(s) < need) {
    s <- c(s, times(s, factor))
    factor <- times(factor, factor)
  }
  u <- matrix(s[seq_len(need)] / p, nrow = n, byrow = TRUE)
  x <- u[, seq_len(columns)] - 0.5
  eta <- -0.5 + x %*% ((seq_len(columns) - 1 - 4.5) / 3)
  y <- as.integer(u[, columns + 1] < 1 / (1 + exp(-eta)))
  best <- function(fit) {
    seconds <- Inf
    for (i in 1:5) {
      took <- system.time(fit())
      seconds <- min(seconds, took[["user.self"]] + took[["sys.self"]])
    }
    1000 * seconds
  }
  bare <- best(function() glm.fit(cbind(1, x), y, family = binomial()))
  whole <- best(function() glm(y ~ x, family = binomial()))
  first <- coef(glm.fit(cbind(1, x), y, family = binomial()))[2]
  cat(sprintf("rows %.0f first_coefficient %.12g glm_cpu_ms %.1f glm.fit_cpu_ms %.1f\n",
              n, first, whole, bare))
}
