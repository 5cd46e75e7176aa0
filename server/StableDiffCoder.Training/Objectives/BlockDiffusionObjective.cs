using StableDiffCoder.Engine.Model;
using StableDiffCoder.Training.Data;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Objectives;

/// <summary>
/// Block diffusion: masked tokens of the noisy half are predicted at their own positions (no logit shift), each weighted by w(t), and the sum
/// is divided by the number of loss-eligible tokens, never by the number masked (eq. 4). There is no loss on the clean half.
/// </summary>
public sealed class BlockDiffusionObjective : IObjective
{
    private readonly BlockNoise noise;
    private readonly Tensor mask;
    private readonly int length;
    private readonly int maskId;
    private readonly double warmupShare;
    private readonly bool hasCleanHalf;
    private readonly Device device;

    /// <summary>Prepares the objective.</summary>
    /// <param name="options">The noise.</param>
    /// <param name="length">Tokens a row, L.</param>
    /// <param name="maskId">The mask token.</param>
    /// <param name="warmupShare">Share of the stage's steps that warm up.</param>
    /// <param name="dtype">Type of the activations.</param>
    /// <param name="device">Where the model is.</param>
    public BlockDiffusionObjective(BlockNoiseOptions options, int length, int maskId, double warmupShare, ScalarType dtype, Device device)
    {
        noise = new BlockNoise(options);
        hasCleanHalf = options.BlockLength < length;
        mask = hasCleanHalf
            ? TrainingMask.BlockDiffusion(length, options.BlockLength, dtype, device)
            : zeros(1, 1, dtype: dtype, device: device);
        this.length = length;
        this.maskId = maskId;
        this.warmupShare = warmupShare;
        this.device = device;
    }

    /// <inheritdoc/>
    public LossTerms? Terms(DiffusionTransformer model, IReadOnlyList<int[]> rows, double stageProgress, SampleRandom random)
    {
        using var scope = NewDisposeScope();
        double? warmup = stageProgress < warmupShare ? stageProgress / warmupShare : null;
        var masked = new List<long>();
        var weights = new List<float>();
        int[][] noisy = [.. rows.Select(row => (int[])row.Clone())];
        for (int r = 0; r < rows.Count; r++)
        {
            RowNoise drawn = noise.Draw(length, warmup, random);
            foreach ((int position, float weight) in drawn.Positions.Zip(drawn.Weights))
            {
                noisy[r][position] = maskId;
                masked.Add((long)r * length + position);
                weights.Add((float)(weight / ((double)rows.Count * length)));
            }
        }
        if (masked.Count == 0)
        {
            return null;
        }
        Tensor clean = BatchTensor.Ids(rows, device); // [B, L]
        Tensor input = hasCleanHalf ? cat([BatchTensor.Ids(noisy, device), clean], 1) : BatchTensor.Ids(noisy, device);
        Tensor hidden = model.Forward(input, hasCleanHalf ? mask : null, hasCleanHalf ? 2 : 1).narrow(1, 0, length);
        Tensor rowsMasked = tensor(masked.ToArray(), ScalarType.Int64, device: device);
        Tensor picked = hidden.reshape(-1, model.Config.HiddenSize).index_select(0, rowsMasked); // [M, D]
        Tensor targets = clean.reshape(-1).index_select(0, rowsMasked);
        return new LossTerms(
            picked.MoveToOuterDisposeScope(),
            targets.MoveToOuterDisposeScope(),
            tensor(weights.ToArray(), device: device).MoveToOuterDisposeScope(),
            (double)masked.Count / (rows.Count * length)
        );
    }

    /// <inheritdoc/>
    public void Dispose() => mask.Dispose();
}
