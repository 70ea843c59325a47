#!/bin/sh
# Make the study anew: docs/studies/open_or_closed/run.sh RUNS [WORKERS], from the top of a checkout.
# RUNS takes the runs of three sweeps; what was finished before an interruption is kept. Results go to results/ beside
# this file, and from there into the pages with python -m sim.reference_pages.
set -eu
runs=$1
workers=${2:-1}
here=docs/studies/open_or_closed
out=$here/results
pair=closed_frontier,open_by_default
all=innovation,concentration,harm
aperture=${APERTURE:-.venv/bin/aperture}
mkdir -p "$runs" "$out"

# 1. What may be: three policies in 1,024 draws of every uncertain parameter.
$aperture sweep $here/futures.toml --out "$runs/futures" --workers "$workers" --yes --quiet
$aperture table "$runs/futures" --output $out/table.csv
$aperture table "$runs/futures" --format latex --caption "Open or closed over the prior" --output $out/table.tex
$aperture robust "$runs/futures" --json > $out/robust.json
$aperture cruxes "$runs/futures" --policies $pair --prefer harm=1 --json --figure $out/cruxes_harm.figures.json > $out/cruxes_harm.json
$aperture cruxes "$runs/futures" --json > $out/cruxes_all.json
$aperture cruxes "$runs/futures" --prefer innovation=1,concentration=1,harm=10 --json > $out/cruxes_wary.json
$aperture discover "$runs/futures" --policies $pair --prefer harm=1 --json > $out/discover_harm.json
$aperture replicates "$runs/futures" --policies $pair --outcome cumulative_harm --half-width 5e9 --json > $out/replicates.json || true

# The same over the draws that agree with what is known to 2024, if they fit the ranges of parameters as they are now.
if $aperture sweep $here/calibrated.toml --out "$runs/calibrated" --workers "$workers" --yes --quiet; then
    $aperture cruxes "$runs/calibrated" --policies $pair --prefer harm=1 --json > $out/cruxes_calibrated.json
else
    rm -f $out/cruxes_calibrated.json
fi

# 2. Which of all uncertain parameters move the differences at all, and 3. what share of their variance each explains.
$aperture sweep $here/screening.toml --out "$runs/screening" --workers "$workers" --yes --quiet
# The sample of step 1 says the same for effects of single assumptions: both choose.
$aperture sensitivity "$runs/screening" --relative --outcomes $all --json > $out/screening.json
$aperture sensitivity "$runs/screening" --relative --outcomes $all --top 3 --next "$runs/screened.toml" --blocks 128 --quiet > /dev/null
$aperture sensitivity "$runs/futures" --policies $pair --relative --outcomes $all --json > $out/sample.json
$aperture sensitivity "$runs/futures" --policies $pair --relative --outcomes $all --top 4 --next $here/shares.toml --blocks 128 \
    --also "$runs/screened.toml" > /dev/null
$aperture sweep $here/shares.toml --out "$runs/shares" --workers "$workers" --yes --quiet
$aperture sensitivity "$runs/shares" --relative --outcomes $all --json --figure $out/shares.figures.json > $out/shares.json

# 4. Pages and their pictures.
.venv/bin/python docs/studies/draw.py $out/cruxes_harm.figures.json $here/cruxes.svg turns
.venv/bin/python docs/studies/draw.py $out/shares.figures.json docs/images/sensitivity.svg
.venv/bin/python -m sim.reference_pages
