using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Experiments.Curriculum;

/// <summary>
/// Decodes with a bidirectional model in blocks: all new tokens are on the canvas from the start, blocks are finished from left to right,
/// and a step reveals the most confident token of the current block. A block of 1 is left to right; a block of all is any order.
/// </summary>
/// <param name="model">The model; full attention is used.</param>
/// <param name="special">Ids with a meaning.</param>
internal sealed class BlockwiseDecoder(DiffusionTransformer model, SpecialIds special)
{
    /// <summary>Continues prompts of one length together.</summary>
    /// <param name="prompts">[N] prompts of P ids each.</param>
    /// <param name="newTokens">G, new tokens of each.</param>
    /// <param name="blockLength">Tokens a block; divides G.</param>
    /// <returns>The G new ids of each.</returns>
    public int[][] Decode(IReadOnlyList<int[]> prompts, int newTokens, int blockLength)
    {
        using var inference = inference_mode(true);
        int promptLength = prompts[0].Length;
        int[][] canvases = [.. prompts.Select(prompt => (int[])[.. prompt, .. Enumerable.Repeat(special.Mask, newTokens)])];
        for (int start = promptLength; start < promptLength + newTokens; start += blockLength)
        {
            for (int step = 0; step < blockLength; step++)
            {
                Reveal(canvases, start, blockLength);
            }
        }
        return [.. canvases.Select(canvas => canvas[promptLength..])];
    }

    private void Reveal(int[][] canvases, int start, int blockLength)
    {
        using var scope = NewDisposeScope();
        Tensor ids = tensor(
            canvases.SelectMany(canvas => canvas.Select(id => (long)id)).ToArray(),
            [canvases.Length, canvases[0].Length],
            ScalarType.Int64,
            device: model.Device
        );
        Tensor hidden = model.Forward(ids, tiles: null).narrow(1, start, blockLength); // [N, B, D]
        Tensor forbidden = tensor(special.Forbidden.Select(id => (long)id).ToArray(), ScalarType.Int64, device: model.Device);
        Tensor scores = model.Logits(hidden).to(ScalarType.Float64).index_fill_(2, forbidden, LastingScalars.NegativeInfinity); // [N, B, V]
        (Tensor probability, Tensor best) = nn.functional.softmax(scores, 2).max(2); // [N, B] each
        double[] confidence = probability.cpu().data<double>().ToArray();
        long[] proposed = best.cpu().data<long>().ToArray();
        for (int row = 0; row < canvases.Length; row++)
        {
            int chosen = Enumerable
                .Range(0, blockLength)
                .Where(i => canvases[row][start + i] == special.Mask)
                .MaxBy(i => confidence[row * blockLength + i]);
            canvases[row][start + chosen] = (int)proposed[row * blockLength + chosen];
        }
    }
}
