#!/bin/bash
#SBATCH --job-name=lsmscope-sweep
#SBATCH --array=1-8
#SBATCH --cpus-per-task=4
#SBATCH --mem-per-cpu=256M
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --output=sweep-%A-%a.log
#
# sbatch slurm.sh SPEC DIRECTORY: each task of the array runs one shard, and writes DIRECTORY/shard-N.csv. A task that
# was ended and is queued again goes on where it was; so does `sbatch --array=3 slurm.sh …`, which repeats one of them.
set -euo pipefail

# The end of --array. Not SLURM_ARRAY_TASK_COUNT, which is 1 where one task is repeated.
shards=8
spec=${1:?usage: sbatch slurm.sh SPEC DIRECTORY}
rows=${2:?usage: sbatch slurm.sh SPEC DIRECTORY}

mkdir -p "$rows"
exec lsmscope sweep "$spec" --shard "$SLURM_ARRAY_TASK_ID/$shards" --threads "${SLURM_CPUS_PER_TASK:-1}" \
  --out-csv "$rows/shard-$SLURM_ARRAY_TASK_ID.csv"
