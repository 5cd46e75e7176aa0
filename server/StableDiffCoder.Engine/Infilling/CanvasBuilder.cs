using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// Lays out holes for a checkpoint; nothing else knows the layout. FIM order (Seed-Coder's, suffix first, no bos):
/// <c>&lt;[fim-suffix]&gt;{suffix}&lt;[fim-prefix]&gt;{prefix}&lt;[fim-middle]&gt;</c> and one hole at the end, since a block-causal model never
/// sees what stands behind a block. In place: text, hole, text, hole, …, text, for models that see both ways.
/// </summary>
internal sealed class CanvasBuilder
{
    private readonly HuggingFaceTokenizer tokenizer;
    private readonly ModelConfig config;
    private readonly int fimSuffix;
    private readonly int fimPrefix;
    private readonly int fimMiddle;

    /// <summary>Looks up the tokens of the layout.</summary>
    /// <exception cref="ModelLoadException">The checkpoint wants FIM order and its tokenizer.json lacks a FIM token.</exception>
    public CanvasBuilder(ModelConfig config, HuggingFaceTokenizer tokenizer)
    {
        this.tokenizer = tokenizer;
        this.config = config;
        if (config.InfillOrder == InfillOrder.Fim)
        {
            fimSuffix = tokenizer.Special.Require(SpecialTokenKind.FimSuffix);
            fimPrefix = tokenizer.Special.Require(SpecialTokenKind.FimPrefix);
            fimMiddle = tokenizer.Special.Require(SpecialTokenKind.FimMiddle);
        }
    }

    private int ControlTokens => config.InfillOrder == InfillOrder.Fim ? 3 : 0;

    /// <summary>Tokens of text that fit beside the holes.</summary>
    /// <param name="masks">Masked tokens of all holes of the canvas.</param>
    /// <param name="contextTokens">The request's own limit; null for none.</param>
    /// <exception cref="ArgumentException">The masks alone do not fit the model.</exception>
    public int Budget(int masks, int? contextTokens)
    {
        int room = config.MaxPositionEmbeddings - masks - ControlTokens;
        if (room < 0)
        {
            throw new ArgumentException(
                $"{masks} new tokens and {ControlTokens} control tokens are more than the model's {config.MaxPositionEmbeddings} positions "
                    + $"(max_position_embeddings); lower maxNewTokens by {-room} or more"
            );
        }
        return Math.Min(room, contextTokens ?? room);
    }

    /// <summary>Whether holes and the texts between them fit a canvas.</summary>
    /// <param name="masks">Masked tokens of all holes.</param>
    /// <param name="between">Tokens of the texts between holes.</param>
    /// <param name="contextTokens">The request's own limit; null for none.</param>
    public bool Fits(int masks, int between, int? contextTokens) =>
        masks + ControlTokens + between <= config.MaxPositionEmbeddings && between <= (contextTokens ?? between);

    /// <summary>One hole at the end of a FIM prompt; snippets of other files stand before the prefix.</summary>
    /// <param name="before">All text before the hole.</param>
    /// <param name="behind">All text behind it.</param>
    /// <param name="masks">Length of the hole.</param>
    /// <param name="options">The request's own limits.</param>
    /// <param name="snippets">Pieces of other files, the best first.</param>
    /// <exception cref="ArgumentException">The hole alone does not fit the model.</exception>
    public Canvas SuffixFirst(string before, string behind, int masks, InfillOptions options, IReadOnlyList<ContextSnippet> snippets)
    {
        int budget = Budget(masks, options.ContextTokens);
        // A prompt that starts as the last one did need not be computed again; a sixteenth of the context pays for it.
        SnippetLayout shown = Layout(before, behind, budget, stride: Math.Max(1, budget / 16), options, snippets);
        return new Canvas
        {
            Known =
            [
                [fimSuffix, .. shown.Window.Suffix, fimPrefix, .. shown.Ids, .. shown.Window.Prefix, fimMiddle],
                [],
            ],
            HoleLengths = [masks],
        };
    }

    /// <summary>All holes where they stand.</summary>
    /// <param name="texts">The texts around the holes, one more than holes; those between holes are kept whole, the outer two are cut.</param>
    /// <param name="masks">Length of each hole.</param>
    /// <param name="options">The request's own limits, for all texts together.</param>
    /// <param name="snippets">Pieces of other files, the best first; they stand before the first text.</param>
    /// <exception cref="ArgumentException">The holes and the texts between them do not fit.</exception>
    public Canvas InPlace(
        IReadOnlyList<string> texts,
        IReadOnlyList<int> masks,
        InfillOptions options,
        IReadOnlyList<ContextSnippet> snippets
    )
    {
        int[][] between = [.. texts.Skip(1).SkipLast(1).Select(Encode)];
        int budget = Budget(masks.Sum(), options.ContextTokens) - between.Sum(ids => ids.Length);
        if (budget < 0)
        {
            throw new ArgumentException(
                $"the text between the spans is {-budget} tokens longer than what fits; lower maxNewTokens, or ask for fewer spans"
            );
        }
        SnippetLayout shown = Layout(texts[0], texts[^1], budget, stride: 1, options, snippets);
        return new Canvas
        {
            Known =
            [
                [.. shown.Ids, .. shown.Window.Prefix],
                .. between,
                shown.Window.Suffix,
            ],
            HoleLengths = masks,
        };
    }

    /// <summary>Ids of a text between two holes.</summary>
    public int[] Encode(string text) => [.. tokenizer.Encode(text, AddedTokenParsing.None)];

    private SnippetLayout Layout(
        string before,
        string behind,
        int budget,
        int stride,
        InfillOptions options,
        IReadOnlyList<ContextSnippet> snippets
    ) => SnippetLayout.Of(tokenizer, before, behind, budget, stride, snippets, options.SnippetTokens);
}
