using StableDiffCoder.Engine.Kernels;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>Everything below the output head: embedding, layers, final norm (the checkpoint's <c>model.</c> part).</summary>
public sealed class TransformerTrunk : nn.Module
{
    [ComponentName(Name = "embed_tokens")]
    private readonly TokenEmbedding embedding;

    [ComponentName(Name = "layers")]
    private readonly ModuleList<TransformerBlock> layers;

    [ComponentName(Name = "norm")]
    private readonly RmsNorm norm;

    /// <summary>Allocates the trunk.</summary>
    public TransformerTrunk(ModelConfig config, ScalarType dtype, Device device)
        : base(nameof(TransformerTrunk))
    {
        embedding = new TokenEmbedding(config.VocabSize, config.HiddenSize, dtype, device);
        layers = new ModuleList<TransformerBlock>([
            .. Enumerable.Range(0, config.LayerCount).Select(layer => new TransformerBlock(config, layer, dtype, device)),
        ]);
        norm = new RmsNorm(config.HiddenSize, config.RmsNormEpsilon, dtype, device);
        RegisterComponents();
    }

    /// <summary>The embedding matrix, [V, D]; the output head too when the checkpoint ties them.</summary>
    public Tensor EmbeddingWeight => embedding.Weight;

    /// <summary>The weights as the decode path reads them.</summary>
    /// <param name="head">The output head.</param>
    internal DecodeWeights Describe(WeightMatrix head) =>
        new()
        {
            Embedding = DecodeWeights.MatrixOf(embedding.Weight),
            Layers = [.. layers.Select(layer => layer.Describe())],
            FinalGain = norm.Gain,
            Head = head,
        };

    /// <summary>[B, T] ids → [B, T, D]; parameters as in <see cref="GroupedQueryAttention.Forward"/>.</summary>
    public Tensor Forward(Tensor tokenIds, (Tensor Cosines, Tensor Sines) rotary, AttentionView view, KvCache? cache)
    {
        using var scope = NewDisposeScope();
        Tensor hidden = embedding.forward(tokenIds);
        foreach (TransformerBlock layer in layers)
        {
            Tensor next = layer.Forward(hidden, rotary, view, cache);
            if (!is_grad_enabled())
            {
                hidden.Dispose();
            }
            hidden = next;
        }
        return norm.forward(hidden).MoveToOuterDisposeScope();
    }

    private sealed class TokenEmbedding : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight;

        public TokenEmbedding(int rows, int width, ScalarType dtype, Device device)
            : base(nameof(TokenEmbedding))
        {
            weight = nn.Parameter(TensorMemory.Allocate([rows, width], dtype, device));
            RegisterComponents();
        }

        public Tensor Weight => weight;

        // [B, T] -> [B, T, D]
        public override Tensor forward(Tensor tokenIds)
        {
            using var scope = NewDisposeScope();
            return weight.index_select(0, tokenIds.reshape(-1)).view(tokenIds.shape[0], tokenIds.shape[1], -1).MoveToOuterDisposeScope();
        }
    }
}
