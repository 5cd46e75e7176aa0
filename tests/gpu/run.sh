#!/usr/bin/env bash
# Checks and times the engine on a CUDA machine. Builds nothing there and fetches nothing: it takes a published build and the libtorch of the
# machine's own PyTorch.
#
#   dotnet publish server/StableDiffCoder.Cli -c Release -r linux-x64 --self-contained -o artifacts/gpu    # on any machine
#   rm -f artifacts/gpu/libtorch_cpu.so artifacts/gpu/libtorch.so artifacts/gpu/libc10.so                  # the other machine has its own
#   tests/gpu/run.sh artifacts/gpu /usr/lib/python3/dist-packages/torch/lib RESULTS                        # there
#
# Needs: an NVIDIA GPU of 20 GB for the 8B shape in bfloat16, 10 GB in int8; libtorch 2.10 or newer with CUDA. RESULTS gets conformance.txt,
# bfloat16.json and int8.json; further arguments go to bench forward, such as --seconds 10. Ends with 1 when the device computes something else than the CPU.
set -euo pipefail

if [ $# -lt 3 ]; then
  sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
build=$1
libtorch=$2
results=$3
shift 3
device=${STABLE_DIFFCODER_DEVICE:-cuda}

server="$build/stable-diffcoder"
if [ ! -x "$server" ]; then
  echo "$server is not there: publish the server with --self-contained, and keep the file executable (chmod +x)." >&2
  exit 2
fi
if [ ! -e "$libtorch/libtorch.so" ]; then
  echo "$libtorch has no libtorch.so: name the lib folder of an installed PyTorch, such as …/site-packages/torch/lib." >&2
  exit 2
fi
mkdir -p "$results"

echo "conformance, random checkpoints on $device against the CPU:"
"$server" model conformance --device "$device" --libtorch "$libtorch" | tee "$results/conformance.txt"

shape=${STABLE_DIFFCODER_SHAPE:-8b}
for type in bfloat16 int8; do
  echo "one forward of the $shape shape, $type:"
  "$server" bench forward --device "$device" --libtorch "$libtorch" --shape "$shape" --dtype "$type" --tokens 1,4,8,16,512 --depth 128 --json \
    "$@" > "$results/$type.json"
  cat "$results/$type.json"
done
