using StableDiffCoder.Engine.Model;

namespace StableDiffCoder.Training.Running;

/// <summary>
/// Arithmetic of an update by the usual count (Kaplan et al. 2020, Chowdhery et al. 2022): 6 operations a matrix weight and position for
/// forward and backward, 12 · layers · H · Dh · S a position for attention over the S positions of its row that are computed, the output head
/// only where a token is predicted. Block diffusion with a clean half has 2L positions a row.
/// </summary>
public static class TrainingFlops
{
    /// <summary>Positions that the model runs for each token trained on: 2 with a clean half, else 1.</summary>
    public static int PositionsPerToken(StageConfig stage, int contextLength) =>
        stage.Kind != StageKind.Ar && stage.Noise.BlockLength < contextLength ? 2 : 1;

    /// <summary>Operations of training on a number of tokens.</summary>
    /// <param name="model">The model's shape.</param>
    /// <param name="stage">What is trained.</param>
    /// <param name="contextLength">Tokens a row, L.</param>
    /// <param name="tokens">Tokens trained on.</param>
    /// <param name="predictedShare">Share of them that the head predicts: 1 for ar, the mask rate for diffusion.</param>
    /// <param name="attendedShare">Share of a row's pairs of positions that attention computes.</param>
    public static double Of(
        ModelConfig model,
        StageConfig stage,
        int contextLength,
        double tokens,
        double predictedShare,
        double attendedShare = 1
    )
    {
        double width = attendedShare * PositionsPerToken(stage, contextLength) * contextLength;
        double positions = tokens * PositionsPerToken(stage, contextLength);
        double attention = 12.0 * model.LayerCount * model.HeadCount * model.HeadDimension * width;
        double head = 6.0 * model.VocabSize * model.HiddenSize * tokens * predictedShare;
        return positions * (6.0 * LayerWeights(model) + attention) + head;
    }

    /// <summary>Matrix weights of all layers; embedding and head not counted.</summary>
    public static long LayerWeights(ModelConfig model)
    {
        long query = (long)model.HeadCount * model.HeadDimension;
        long key = (long)model.KeyValueHeadCount * model.HeadDimension;
        long attention = model.HiddenSize * (2 * query + 2 * key);
        return model.LayerCount * (attention + 3L * model.HiddenSize * model.IntermediateSize);
    }
}
