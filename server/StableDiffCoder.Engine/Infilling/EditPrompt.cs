namespace StableDiffCoder.Engine.Infilling;

/// <summary>The prompt of an edit: ids for the model, and the way back from its answer to the document.</summary>
/// <param name="Ids">The rendered chat up to where the assistant writes.</param>
/// <param name="Code">The code to rewrite.</param>
/// <param name="AnswerTokens">Most tokens that the answer may have.</param>
public sealed record EditPrompt(int[] Ids, ShownCode Code, int AnswerTokens)
{
    /// <summary>The new text of the span that an answer stands for, indented and with line ends as the document has them.</summary>
    public string NewText(string answer) => Code.Restore(EditMessage.Read(answer, Code.Text));

    /// <summary>The answer that stands for a new text of a span; null where none does (lines with less indentation than the code had).</summary>
    public static string? AnswerFor(ShownCode code, string newText)
    {
        string answer = EditMessage.Answer(code.Show(newText));
        return code.Restore(EditMessage.Read(answer, code.Text)) == newText ? answer : null;
    }
}
