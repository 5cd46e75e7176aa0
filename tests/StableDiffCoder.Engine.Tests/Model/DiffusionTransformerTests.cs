using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Model;

public sealed class DiffusionTransformerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Weights_HaveTheCheckpointsNames(bool tied)
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config(tied));
        string[] expected =
        [
            "model.embed_tokens.weight",
            .. Enumerable
                .Range(0, 2)
                .SelectMany(n =>
                    (string[])
                        [
                            $"model.layers.{n}.input_layernorm.weight",
                            $"model.layers.{n}.self_attn.q_proj.weight",
                            $"model.layers.{n}.self_attn.k_proj.weight",
                            $"model.layers.{n}.self_attn.v_proj.weight",
                            $"model.layers.{n}.self_attn.o_proj.weight",
                            $"model.layers.{n}.post_attention_layernorm.weight",
                            $"model.layers.{n}.mlp.gate_proj.weight",
                            $"model.layers.{n}.mlp.up_proj.weight",
                            $"model.layers.{n}.mlp.down_proj.weight",
                        ]
                ),
            "model.norm.weight",
            .. tied ? (string[])[] : ["lm_head.weight"],
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), model.Weights.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Forward_BlockByBlockWithCache_EqualsWholeSequence()
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config());
        using var noGrad = no_grad();
        int[] ids = [.. Enumerable.Range(0, 14).Select(i => i * 7 % 50)];
        var pattern = AttentionPattern.BlockCausal(4);
        using Tensor whole = model.Forward(ids, pattern);
        using KvCache cache = model.NewCache(16);
        for (int start = 0; start < ids.Length; start += 4)
        {
            int[] block = ids[start..Math.Min(start + 4, ids.Length)];
            // A draft of the block leaves no trace.
            model.Forward([.. block.Select(id => (id + 1) % 50)], pattern, cache).Dispose();
            using Tensor part = model.Forward(block, pattern, cache);
            cache.Commit(block.Length);
            Assert.True(part.allclose(whole.narrow(0, start, block.Length), rtol: 1e-4, atol: 1e-4));
        }
        Assert.Equal(14, cache.Length);
    }

    [Fact]
    public void Forward_BlockCausal_LaterBlocksChangeNothing()
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config());
        using var noGrad = no_grad();
        int[] ids = [.. Enumerable.Range(0, 12)];
        int[] changed = [.. ids[..8], 40, 41, 42, 43];
        var pattern = AttentionPattern.BlockCausal(4);
        using Tensor before = model.Forward(ids, pattern);
        using Tensor after = model.Forward(changed, pattern);
        Assert.True(before.narrow(0, 0, 8).allclose(after.narrow(0, 0, 8), atol: 1e-5));
        Assert.False(before.narrow(0, 8, 4).allclose(after.narrow(0, 8, 4), atol: 1e-3));
        // Inside a block a token sees to its right: changing position 7 changes position 4.
        using Tensor right = model.Forward([.. ids[..7], 44, .. ids[8..]], pattern);
        Assert.False(before[4].allclose(right[4], atol: 1e-3));
        Assert.True(before[3].allclose(right[3], atol: 1e-5));
    }

    [Theory]
    [InlineData(1, 50)]
    [InlineData(1, -1)]
    [InlineData(65, 7)]
    public void Forward_OutsideTheModel_ThrowsAndTheNextForwardWorks(int length, int id)
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config());
        int[] ids = [.. Enumerable.Repeat(id, length)];
        Assert.Throws<ArgumentException>(() => model.Forward(ids, AttentionPattern.Causal).Dispose());
        model.Forward([49], AttentionPattern.Causal).Dispose();
    }
}
