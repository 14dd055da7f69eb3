# Predicts a numeric target with model.json of bnnc prune: Rscript predict.R MODEL TABLE. It needs the package jsonlite.
arguments <- commandArgs(trailingOnly = TRUE)
model <- jsonlite::fromJSON(arguments[1], simplifyVector = TRUE, simplifyDataFrame = FALSE, simplifyMatrix = FALSE)
rows <- read.csv(arguments[2], check.names = FALSE)

# Numeric columns, standardised; a missing one is 0, the mean.
encode <- function(feature) {
  stopifnot(feature$kind == "numeric", is.null(feature$form))
  cells <- rows[[feature$name]]
  sapply(feature$columns, function(column) {
    raw <- if (column$type == "missing") as.numeric(is.na(cells)) else as.numeric(cells)
    z <- (raw - column$mean) / column$scale
    ifelse(is.na(z), 0, z)
  })
}
activations <- list(
  silu = function(a) a / (1 + exp(-a)), tanh = tanh, relu = function(a) pmax(a, 0),
  sigmoid = plogis, xtanh = function(a) a * tanh(a)
)

known <- do.call(cbind, lapply(model$encoder$features, encode))
below <- known
for (at in seq_along(model$layers)) {
  layer <- model$layers[[at]]
  flat <- numeric(layer$inputs * layer$outputs)
  flat[if (layer$storage == "dense") seq_along(flat) else layer$index + 1] <- layer$weight
  weight <- matrix(flat, nrow = layer$inputs, byrow = TRUE)
  # With sources a layer reads any of the columns and units before it.
  inputs <- if (is.null(layer$sources)) below else known[, layer$sources + 1, drop = FALSE]
  sums <- sweep(inputs %*% weight, 2, layer$bias, "+")
  if (at < length(model$layers)) {
    below <- activations[[model$activation]](sums)
    known <- cbind(known, below)
  }
}
target <- model$encoder$target
prediction <- target$mean + target$scale * sums[, 1]
cat(target$name, sprintf("%.6f", prediction), sep = "\n")
