using StableDiffCoder.Engine.Model;
using StableDiffCoder.Training.Data;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Objectives;

/// <summary>
/// Block diffusion: masked tokens of the noisy half are predicted at their own positions (no logit shift unless asked for), each weighted by
/// w(t), and the sum is divided by the number of loss-eligible tokens, never by the number masked (eq. 4). There is no loss on the clean
/// half. A block as long as the row needs no clean half.
/// </summary>
public sealed class BlockDiffusionObjective : IObjective
{
    private readonly BlockDiffusionOptions options;
    private readonly BlockNoise noise;
    private readonly AttentionTiles? tiles;
    private readonly int length;
    private readonly int maskId;
    private readonly bool hasCleanHalf;
    private readonly Device device;

    /// <summary>Prepares the objective.</summary>
    /// <param name="options">Noise, warmup, shift.</param>
    /// <param name="length">Tokens a row, L.</param>
    /// <param name="maskId">The mask token.</param>
    /// <param name="dtype">Type of the activations.</param>
    /// <param name="device">Where the model is.</param>
    public BlockDiffusionObjective(BlockDiffusionOptions options, int length, int maskId, ScalarType dtype, Device device)
    {
        this.options = options;
        this.length = length;
        this.maskId = maskId;
        this.device = device;
        noise = new BlockNoise(options.Noise);
        hasCleanHalf = options.Noise.BlockLength < length;
        tiles =
            hasCleanHalf ? TrainingMask.BlockDiffusion(length, options.Noise.BlockLength, dtype, device)
            : options.Causal ? TrainingMask.Causal(length, dtype, device)
            : null;
    }

    /// <inheritdoc/>
    public double AttendedShare => tiles?.ComputedShare ?? 1;

    /// <inheritdoc/>
    public LossTerms? Terms(DiffusionTransformer model, IReadOnlyList<TrainingRow> rows, double stageProgress, SampleRandom random)
    {
        using var scope = NewDisposeScope();
        double? warmup = stageProgress < options.WarmupShare ? stageProgress / options.WarmupShare : null;
        TrainingRow[] eligible = [.. rows.Select(Predictable)];
        double countedTokens = eligible.Sum(row => (double)row.EligibleCount);
        var predictedFrom = new List<long>(); // of B·R·L hidden states
        var predicted = new List<long>(); // of B·L ids
        var weights = new List<float>();
        int[][] noisy = [.. rows.Select(row => (int[])row.Ids.Clone())];
        for (int r = 0; r < rows.Count; r++)
        {
            RowNoise drawn = noise.Draw(length, warmup, random, eligible[r].Eligible);
            foreach ((int position, float weight) in drawn.Positions.Zip(drawn.Weights))
            {
                noisy[r][position] = maskId;
                predictedFrom.Add((long)r * Width + Source(position));
                predicted.Add((long)r * length + position);
                weights.Add((float)(weight / countedTokens));
            }
        }
        if (predicted.Count == 0)
        {
            return null;
        }
        Tensor clean = BatchTensor.Ids(rows, device); // [B, L]
        Tensor input = hasCleanHalf ? cat([BatchTensor.Ids(noisy, device), clean], 1) : BatchTensor.Ids(noisy, device); // [B, R·L]
        Tensor hidden = model.Forward(input, tiles, hasCleanHalf ? 2 : 1).reshape(-1, model.Config.HiddenSize);
        Tensor picked = hidden.index_select(0, tensor(predictedFrom.ToArray(), ScalarType.Int64, device: device)); // [M, D]
        Tensor targets = clean.reshape(-1).index_select(0, tensor(predicted.ToArray(), ScalarType.Int64, device: device));
        return new LossTerms(
            picked.MoveToOuterDisposeScope(),
            targets.MoveToOuterDisposeScope(),
            tensor(weights.ToArray(), device: device).MoveToOuterDisposeScope(),
            (double)predicted.Count / (rows.Count * length)
        );
    }

    private int Width => hasCleanHalf ? 2 * length : length;

    // Position in [noisy ; clean] whose hidden state predicts a token.
    private int Source(int position) =>
        !options.LogitShift ? position
        : hasCleanHalf && position % options.Noise.BlockLength == 0 ? length + position - 1
        : position - 1;

    // With the shift nothing stands before the first token.
    private TrainingRow Predictable(TrainingRow row)
    {
        if (!options.LogitShift)
        {
            return row;
        }
        bool[] counts = [.. Enumerable.Range(0, length).Select(position => position > 0 && row.Counts(position))];
        return row with { Eligible = counts };
    }

    /// <inheritdoc/>
    public void Dispose() => tiles?.Dispose();
}
