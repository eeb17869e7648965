#!/usr/bin/env bash
# Makes anew what depends on the sample models' weights: the model folders from checkpoints, fixtures, sample images,
# calibrations, and the tables of the docs. After training:
#   samples/remake.sh grove CHECKPOINT         samples/grove from a diffusers folder, its autoencoder alone, its picture sheet
#   samples/remake.sh flow CHECKPOINT          samples/grove-flow likewise
#   samples/remake.sh [STAGE…]                 the rest, all of it or these stages, in this order:
#     fixtures images false-positives noise-likeness key-kinds measures robustness steps round-trips decoder-inversion
#     masked-editing one-step reproduction
# COUNT_robustness=100, COUNT_steps, COUNT_one_step, COUNT_reproduction and COUNT_measures set the numbers of images. What
# was made lies in out/remake; an interrupted run goes on there. Delete the folder when weights change. Prose in the docs
# that a table contradicts afterwards is for people to mend.
set -euo pipefail
cd "$(dirname "$0")/.."
ringkey=.build/release/ringkey
work=${WORK:-out/remake}
STAGES=(
    fixtures images false-positives noise-likeness key-kinds measures robustness steps round-trips decoder-inversion
    masked-editing one-step reproduction
)

say() { printf '%s\n' "== $* ($(date +%H:%M))" >&2; }

# A model folder keeps its card and its calibration, which is then of another model and has to go.
model() {
    "$python" scripts/export_onnx.py "$1" "$2" --keep-pytorch --force "${@:3}"
    rm -f "$2/calibration.safetensors"
}

sheet() { "$python" samples/training/sheet.py --model "$1" --output "$1/samples.png" "${@:2}"; }

# The shell commands of docs/model-folders.md.
digest() {
    (
        cd samples/grove
        (echo ./model_index.json; find -L ./unet ./vae_encoder ./vae_decoder ./text_encoder ./tokenizer ./scheduler \
            -type f -not -path '*/.*/*' -not -name '.*') | LC_ALL=C sort | while read -r f; do
            printf '%s\t%s\t%s\n' "${f#./}" "$(stat -L -c %s "$f")" "$(sha256sum <"$f" | cut -d' ' -f1)"
        done | sha256sum | cut -d' ' -f1
    )
}

fixtures() {
    sed -i "/ModelDigest(of: groveURL)/s/\"[0-9a-f]\{64\}\"/\"$(digest)\"/" Tests/OnnxModelsTests/DigestTests.swift
    "$python" Tests/Fixtures/OnnxModels/make_grove.py samples/grove
    "$python" Tests/Fixtures/DecoderInversion/make_grove_iterates.py samples/grove
    "$python" Tests/Fixtures/Diffusion/make_diffusion.py samples/grove
}

images() { samples/make_samples.sh "$ringkey"; }

# The study of calibration, and grove's.
false-positives() {
    local out=$work/false-positives
    benchmarks/false_positives/grove_images.sh "$ringkey" "$out/grove"
    benchmarks/false_positives/marked_images.sh "$ringkey" "$out/marked"
    [[ -d $out/foreign ]] || "$python" benchmarks/false_positives/foreign_images.py "$out/foreign"
    local unmarked=("$out"/grove/guidance-* "$out"/foreign/{scenes,photographs,oddities})
    "$ringkey" calibrate "${unmarked[@]}" --model samples/grove --force
    swift run -c release false-positives samples/grove "$out/latents" benchmarks/false_positives/results.md \
        samples/demo.key.json "${unmarked[@]}" -- "$out"/marked/{plain,jpeg-75,jpeg-50,blurred}
    "$python" benchmarks/false_positives/page.py
}

noise-likeness() {
    "$python" benchmarks/noise_likeness.py --study "$work/false-positives" --work "$work/noise-likeness" --write
}

key-kinds() { "$python" benchmarks/key_kinds.py --work "$work/key-kinds" --write; }

flow-calibration() {
    local out=$work/flow
    "$ringkey" generate --model samples/grove-flow --prompt-file "$work/false-positives/grove/prompts.txt" --count 2 \
        --seed 50000 --quiet --force -o "$out/clean"
    "$ringkey" calibrate "$out/clean" --model samples/grove-flow --force
}

measures() {
    "$python" samples/training/measure.py --model samples/grove --work "$work/measures/grove" --steps 50 --guidance 3 \
        --inverted "${COUNT_measures:-100}"
    "$python" samples/training/measure.py --model samples/grove-flow --work "$work/measures/flow" --steps 1 --guidance 1 \
        --inversion-steps 10 --inverted "${COUNT_measures:-100}"
}

robustness() {
    "$python" benchmarks/robustness.py --count "${COUNT_robustness:-100}" --work "$work/robustness" --write
}

steps() {
    local out=$work/steps count=${COUNT_steps:-24} resume=()
    mkdir -p "$out"
    [[ -f $out/steps.key.json ]] || "$ringkey" keygen -o "$out/steps.key.json" --name steps --model samples/grove
    [[ ! -d $out/images ]] || resume=(--resume)
    "$ringkey" robustness --key "$out/steps.key.json" -n "$count" --attacks none --looks none/0 --decoys 0 --quiet \
        "${resume[@]}" -o "$out/images"
    "$python" benchmarks/steps.py --marked "$out/images/marked" --clean "$out/images/clean" --key "$out/steps.key.json" \
        --count "$count" --work "$out" -o docs/steps.md
}

round-trips() {
    swift build -c release --product reproduce >&2
    "$python" benchmarks/round_trips.py --work "$work/round-trips" --write
}

masked-editing() { "$python" benchmarks/masked_editing.py --work "$work/masked-editing" --write; }

decoder-inversion() {
    local guidance strength run=("$python" benchmarks/decoder_inversion.py --model samples/grove)
    local rivals=(--only paper --only forward --only gradient --only KM) ours=(--only "from the operator")
    local short=(--only Adam --only "0.1 scheduled" --only "forward, ρ 1") sampled=$work/decoder-inversion
    mkdir -p "$sampled"
    for guidance in 3 7.5; do
        "${run[@]}" --guidance "$guidance" --cache "$sampled/$guidance.npz" --section "guidance-$guidance" "${rivals[@]}" \
            "${ours[@]}"
    done
    run+=(--cache "$sampled/3.npz")
    "${run[@]}" --section constants --evaluations 3 5 10 20 --only "Anderson, ρ"
    for strength in 0.15 0.3 0.6; do
        "${run[@]}" --section "misfit-$strength" --perturb "$strength" --evaluations 3 6 10 "${short[@]}" "${ours[@]}"
    done
    "${run[@]}" --section gain-2.5 --encoder-gain 2.5 --evaluations 3 6 10 20 "${short[@]}" "${ours[@]}"
    "${run[@]}" --section others --evaluations 2 3 4 6 8 --only "Anderson, ρ from" --only Broyden --only probe
    "${run[@]}" --section others-misfit --perturb 0.3 --evaluations 2 3 4 6 8 --only "Anderson, ρ from" --only "Broyden, good"
}

one-step() {
    flow-calibration
    swift build -c release --product reproduce >&2
    "$python" benchmarks/reproduce/one_step.py --images "${COUNT_one_step:-55}" --marked 40 --adam-rounds 1 \
        --work "$work/one-step"
    "$python" benchmarks/reproduce/backward_euler.py --write
}

reproduction() {
    swift build -c release --product reproduce >&2
    "$python" benchmarks/reproduce/reproduce.py --images "${COUNT_reproduction:-100}" --optimiser-rounds 6 \
        --gradient-rounds 6 --work "$work/reproduction"
}

for stage in "$@"; do
    case $stage in grove | flow) break ;; esac
    if [[ " ${STAGES[*]} " != *" $stage "* ]]; then
        echo "remake: $stage is none of ${STAGES[*]}, grove, flow" >&2
        exit 64
    fi
done
python=$(scripts/python-env.sh)
export RINGKEY_PYTHON=$python
mkdir -p "$work"

case ${1:-} in
    grove)
        model "${2:?the folder of a checkpoint}" samples/grove
        "$python" scripts/autoencoder_alone.py samples/grove samples/grove-vae
        sheet samples/grove
        ;;
    flow) model "${2:?the folder of a checkpoint}" samples/grove-flow --share samples/grove && sheet samples/grove-flow --steps 1 --guidance 1 ;;
    *)
        for stage in "${@:-${STAGES[@]}}"; do
            say "$stage"
            "$stage"
        done
        ;;
esac
