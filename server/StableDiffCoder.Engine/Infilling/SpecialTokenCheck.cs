using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>Finds the ids that the samplers need, and refuses a tokenizer that does not belong to the config.</summary>
internal static class SpecialTokenCheck
{
    /// <summary>Refuses a tokenizer whose ids the embedding has no rows for.</summary>
    /// <exception cref="ModelLoadException">tokenizer.json and config.json are not of one model.</exception>
    public static void RequireOneModel(ModelDirectory directory, HuggingFaceTokenizer tokenizer)
    {
        if (tokenizer.VocabularySize > directory.Config.VocabSize)
        {
            throw new ModelLoadException(
                directory.TokenizerPath,
                $"{directory.TokenizerPath} has ids up to {tokenizer.VocabularySize - 1}, and config.json says vocab_size "
                    + $"{directory.Config.VocabSize}: the two are not of one model. Download the folder again."
            );
        }
    }

    /// <summary>Mask, eos and forbidden ids of a folder.</summary>
    /// <exception cref="ModelLoadException">tokenizer.json lacks a token.</exception>
    public static SpecialIds Run(ModelDirectory directory, HuggingFaceTokenizer tokenizer)
    {
        ModelConfig config = directory.Config;
        int mask = tokenizer.Special.Require(SpecialTokenKind.Mask);
        // Configs leave eos_token_id out, tokenizers name it otherwise: either will do, and the tokenizer knows the token itself.
        int eos =
            tokenizer.Special.Eos is null && tokenizer.HasToken(config.EosTokenId)
                ? config.EosTokenId
                : tokenizer.Special.Require(SpecialTokenKind.Eos);
        int[] withoutToken = [.. Enumerable.Range(0, config.VocabSize).Where(id => !tokenizer.HasToken(id))];
        return new SpecialIds(mask, eos, [mask, .. withoutToken]);
    }
}
