# Forecasts of R's forecast package for bench/forecast-against-others.mjs: id,method,h,mean,lo95,hi95 on standard output,
# seconds per method on standard error.
suppressMessages(library(forecast))
args <- commandArgs(trailingOnly = TRUE)
season <- as.integer(args[2]); horizon <- as.integer(args[3]); most <- as.integer(args[4])
lines <- readLines(args[1])
methods <- list(
  "R snaive" = function(y) snaive(y, h = horizon, level = 95),
  "R stlf (ets)" = function(y) stlf(y, h = horizon, level = 95),
  "R ets" = function(y) forecast(ets(y), h = horizon, level = 95)
)
spent <- sapply(methods, function(m) 0)
rows <- Filter(function(l) grepl(",", l), lines)
for (line in head(rows, most)) {
  parts <- strsplit(line, ",")[[1]]
  values <- suppressWarnings(as.numeric(parts[-1])); values <- values[!is.na(values)]
  y <- ts(values, frequency = season)
  for (name in names(methods)) {
    began <- proc.time()[["elapsed"]]
    f <- methods[[name]](y)
    spent[[name]] <- spent[[name]] + proc.time()[["elapsed"]] - began
    for (h in seq_len(horizon))
      cat(parts[1], name, h, f$mean[h], f$lower[h], f$upper[h], sep = ",", fill = FALSE, "\n")
  }
}
for (name in names(methods)) cat(name, spent[[name]], sep = ",", "\n", file = stderr())
