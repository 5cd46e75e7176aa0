using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>A proposal for one masked position.</summary>
/// <param name="Id">The proposed token, x0.</param>
/// <param name="Confidence">Its softmax probability, in float64.</param>
/// <param name="Entropy">Entropy of the softmax, in nats; NaN when not measured.</param>
public readonly record struct TokenProposal(int Id, double Confidence, double Entropy = double.NaN);

/// <summary>
/// Turns logits into proposals. Forbidden ids (the mask, and ids without a token) get −∞ before argmax and softmax alike. Ties go to the
/// lowest id.
/// </summary>
public sealed class TokenSampler : IDisposable
{
    private readonly Tensor forbidden; // [F] ids
    private readonly double temperature;
    private readonly INoiseSource noise;

    /// <summary>Creates a sampler for one generation.</summary>
    /// <param name="forbiddenIds">Ids that must never be chosen.</param>
    /// <param name="temperature">0 is greedy.</param>
    /// <param name="noise">Drawn from at temperatures above 0, for each masked position in order, one value an id.</param>
    /// <param name="device">Where the logits are.</param>
    public TokenSampler(IReadOnlyCollection<int> forbiddenIds, double temperature, INoiseSource noise, Device device)
    {
        this.temperature = temperature;
        this.noise = noise;
        forbidden = tensor(forbiddenIds.Select(id => (long)id).ToArray(), ScalarType.Int64, device: device).DetachFromDisposeScope();
    }

    /// <value>Whether proposals carry an entropy, which takes one pass more over the vocabulary. Default false.</value>
    public bool MeasuresEntropy { get; init; }

    /// <value>Ids that must not be chosen in the row that <see cref="Propose"/> is told of. Default none.</value>
    public IReadOnlyList<int> ForbiddenFirst { get; init; } = [];

    /// <value>The end-of-sentence token, whose probability a prior leaves as it is. Needed where there are shares.</value>
    public int EndId { get; init; }

    /// <summary>Proposes one token a row.</summary>
    /// <param name="logits">[m, V], any float type; unchanged.</param>
    /// <param name="firstRow">The row of the first new token; negative when it is not among them.</param>
    /// <param name="shares">What a prior adds to each row; null entries, and null for all, add nothing.</param>
    /// <returns>m proposals.</returns>
    public TokenProposal[] Propose(Tensor logits, int firstRow = -1, IReadOnlyList<TokenShare?>? shares = null)
    {
        using var scope = NewDisposeScope();
        Tensor scores = logits.to(ScalarType.Float64, copy: true).index_fill_(1, forbidden, LastingScalars.NegativeInfinity); // [m, V]
        for (int row = 0; row < (shares?.Count ?? 0); row++)
        {
            if (shares![row] is TokenShare share)
            {
                Mix(scores[row], share);
            }
        }
        if (firstRow >= 0 && ForbiddenFirst.Count > 0)
        {
            Tensor first = tensor(ForbiddenFirst.Select(id => (long)id).ToArray(), ScalarType.Int64, device: scores.device);
            scores[firstRow].index_fill_(0, first, LastingScalars.NegativeInfinity);
        }
        Tensor ids = (temperature > 0 ? Perturb(scores) : scores).argmax(1); // [m]
        Tensor probabilities = nn.functional.softmax(scores, 1); // [m, V]
        Tensor confidence = probabilities.gather(1, ids.unsqueeze(1)).squeeze(1); // [m]
        Tensor[] columns = MeasuresEntropy
            ? [ids.to(ScalarType.Float64), confidence, Entropy(probabilities)]
            : [ids.to(ScalarType.Float64), confidence];
        // The one moment at which the host waits for the device; a double holds every id exactly.
        double[] found = stack(columns, 0).cpu().data<double>().ToArray();
        int rows = (int)ids.shape[0];
        return
        [
            .. Enumerable
                .Range(0, rows)
                .Select(row => new TokenProposal(
                    (int)found[row],
                    found[rows + row],
                    MeasuresEntropy ? found[(2 * rows) + row] : double.NaN
                )),
        ];
    }

    // Log-probabilities of the mixture, in place.
    private void Mix(Tensor scores, TokenShare share)
    {
        Tensor model = nn.functional.softmax(scores, 0); // [V]
        Tensor end = model[EndId].clone();
        Tensor text = end.neg().AddInPlace(ones_like(end));
        Tensor mixed = model.MultiplyInPlace(1 - share.Weight);
        Tensor ids = tensor(share.Probabilities.Keys.Select(id => (long)id).ToArray(), ScalarType.Int64, device: scores.device);
        double[] parts = [.. share.Probabilities.Values.Select(probability => share.Weight * probability)];
        mixed.scatter_add_(0, ids, tensor(parts, ScalarType.Float64, device: scores.device).mul_(text));
        mixed[EndId].copy_(end);
        scores.copy_(mixed.log_());
    }

    // −Σ p ln p, with 0 ln 0 = 0.
    private static Tensor Entropy(Tensor probabilities) => special.entr(probabilities).sum(1);

    // argmax of exp(l) / (-ln u)^T, taken as l - T·ln(-ln u): the same order, and exp cannot overflow.
    private Tensor Perturb(Tensor scores)
    {
        var values = new double[scores.numel()];
        noise.Fill(values);
        Tensor gumbel = tensor(values, scores.shape, device: scores.device).log_().neg_().log_();
        return scores - gumbel.MultiplyInPlace(temperature);
    }

    /// <inheritdoc/>
    public void Dispose() => forbidden.Dispose();
}
