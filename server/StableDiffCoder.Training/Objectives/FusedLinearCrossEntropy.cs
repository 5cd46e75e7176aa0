using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Objectives;

/// <summary>
/// Output head and cross-entropy in one, a chunk of rows at a time: the loss's gradient with respect to the logits is softmax − one-hot, so
/// logits of the whole batch never exist at once, and nothing of the head is kept for the backward pass.
/// </summary>
public static class FusedLinearCrossEntropy
{
    private const int ChunkRows = 512;

    /// <summary>Adds the gradients of the loss to <paramref name="head"/>'s gradient and to everything below the hidden states.</summary>
    /// <param name="terms">The loss; its hidden states carry their autograd graph.</param>
    /// <param name="head">[V, D], the output head (the embedding when tied).</param>
    /// <param name="scale">Factor on the gradients, such as 1 over the number of accumulated batches.</param>
    /// <returns>The loss, unscaled.</returns>
    public static double Backward(LossTerms terms, Tensor head, double scale = 1)
    {
        using var scope = NewDisposeScope();
        Tensor hiddenGradient = empty_like(terms.Hidden);
        Tensor headGradient = zeros_like(head);
        double loss = 0;
        using (no_grad())
        {
            foreach ((Tensor rows, Tensor target, Tensor weight, long start) in Chunks(terms))
            {
                using var chunk = NewDisposeScope();
                Tensor logProbability = LogProbability(rows, head); // [n, V]
                loss -= (logProbability.gather(1, target) * weight).sum().item<float>();
                Tensor scaled = weight.Times(scale);
                Tensor gradient = logProbability.exp_().mul_(scaled).scatter_add_(1, target, -scaled).to(rows.dtype); // [n, V]
                hiddenGradient.narrow(0, start, rows.shape[0]).copy_(gradient.matmul(head));
                headGradient.AddInPlace(gradient.t().matmul(rows));
            }
        }
        terms.Hidden.backward([hiddenGradient]);
        Accumulate(head, headGradient);
        return loss;
    }

    /// <summary>The loss alone.</summary>
    public static double Evaluate(LossTerms terms, Tensor head)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Chunks(terms).Sum(chunk => -(LogProbability(chunk.Rows, head).gather(1, chunk.Target) * chunk.Weight).sum().item<float>());
    }

    private static Tensor LogProbability(Tensor rows, Tensor head) =>
        nn.functional.log_softmax(nn.functional.linear(rows, head).to(ScalarType.Float32), 1);

    private static IEnumerable<(Tensor Rows, Tensor Target, Tensor Weight, long Start)> Chunks(LossTerms terms)
    {
        Tensor hidden = terms.Hidden.detach();
        for (long start = 0; start < hidden.shape[0]; start += ChunkRows)
        {
            long count = Math.Min(ChunkRows, hidden.shape[0] - start);
            yield return (
                hidden.narrow(0, start, count),
                terms.Targets.narrow(0, start, count).unsqueeze(1),
                terms.Weights.narrow(0, start, count).unsqueeze(1),
                start
            );
        }
    }

    private static void Accumulate(Tensor parameter, Tensor gradient)
    {
        using (no_grad())
        {
            if (parameter.grad is Tensor existing)
            {
                existing.AddInPlace(gradient);
            }
            else
            {
                parameter.grad = gradient.MoveToOuterDisposeScope();
            }
        }
    }
}
