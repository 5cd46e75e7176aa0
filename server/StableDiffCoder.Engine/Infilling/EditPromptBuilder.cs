using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>Makes prompts of edits: chooses how much of the document is shown, so that prompt and answer fit the model.</summary>
/// <param name="tokenizer">The checkpoint's.</param>
/// <param name="template">The checkpoint's.</param>
/// <param name="positions">Most tokens of prompt and answer together.</param>
/// <param name="blockLength">Answers are whole blocks of this length.</param>
public sealed class EditPromptBuilder(HuggingFaceTokenizer tokenizer, ChatTemplate template, int positions, int blockLength)
{
    // An answer is about as long as the code; an edit may add a check, a comment, a brace pair.
    private const int RoomForMore = 48;

    /// <summary>Makes a prompt.</summary>
    /// <param name="text">The document.</param>
    /// <param name="span">The code to rewrite.</param>
    /// <param name="instruction">What is to be done.</param>
    /// <param name="answerTokens">Most tokens of the answer; null makes room for a quarter more than the code, and some.</param>
    /// <param name="contextTokens">Most tokens of the document around the code; null for what fits.</param>
    /// <exception cref="ArgumentException">Instruction, code and answer alone do not fit.</exception>
    public EditPrompt Build(string text, TextSpan span, string instruction, int? answerTokens, int? contextTokens)
    {
        EditPrompt? prompt = Build(text, span, instruction, answerTokens, contextTokens, out int bare, out int answer);
        return prompt
            ?? throw new ArgumentException(
                $"instruction and code take {bare} tokens and the answer up to {answer}; the model has {positions} positions (max_position_embeddings). "
                    + $"Select {bare + answer - positions} tokens less or lower maxNewTokens"
            );
    }

    /// <summary>Makes a prompt; null when instruction, code and answer alone do not fit.</summary>
    /// <param name="text">The document.</param>
    /// <param name="span">The code to rewrite.</param>
    /// <param name="instruction">What is to be done.</param>
    /// <param name="answerTokens">Most tokens of the answer.</param>
    /// <param name="contextTokens">Most tokens of the document around the code; null for what fits.</param>
    public EditPrompt? TryBuild(string text, TextSpan span, string instruction, int answerTokens, int? contextTokens) =>
        Build(text, span, instruction, answerTokens, contextTokens, out _, out _);

    private EditPrompt? Build(
        string text,
        TextSpan span,
        string instruction,
        int? answerTokens,
        int? contextTokens,
        out int bare,
        out int answer
    )
    {
        ShownCode code = ShownCode.Of(text, span);
        answer = RoundUp(answerTokens ?? Encode(code.Text).Length * 5 / 4 + RoomForMore);
        bare = Prompt(instruction, code, "", "").Length;
        int room = positions - answer - bare;
        if (room < 0)
        {
            return null;
        }
        string shown = LineBreaks.WithLineFeeds(text);
        int[] prompt = WithContext(instruction, code, shown[..span.Start], shown[span.End..], bare, Math.Min(room, contextTokens ?? room));
        return new EditPrompt(prompt, code, answer);
    }

    // Headings and fences of the context take tokens too: what is over goes off the next try.
    private int[] WithContext(string instruction, ShownCode code, string before, string behind, int bare, int room)
    {
        for (int budget = room; budget > 0; )
        {
            ContextWindow window = ContextWindow.Around(tokenizer, before, behind, budget);
            int[] prompt = Prompt(instruction, code, before[window.PrefixStart..], behind[..window.SuffixEnd]);
            int over = prompt.Length - bare - room;
            if (over <= 0)
            {
                return prompt;
            }
            budget = Math.Min(budget, window.Prefix.Length + window.Suffix.Length) - over;
        }
        return Prompt(instruction, code, "", "");
    }

    private int[] Prompt(string instruction, ShownCode code, string before, string behind) =>
        template.Encode([new ChatMessage("user", EditMessage.Write(instruction, code.Text, before, behind))]);

    private int[] Encode(string text) => tokenizer.Encode(text, AddedTokenParsing.None);

    private int RoundUp(int tokens) => (tokens + blockLength - 1) / blockLength * blockLength;
}
