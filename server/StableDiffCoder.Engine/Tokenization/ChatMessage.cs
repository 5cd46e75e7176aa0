namespace StableDiffCoder.Engine.Tokenization;

/// <summary>A message of a conversation.</summary>
/// <param name="Role">"system", "user" or "assistant".</param>
/// <param name="Content">Its text; control tokens spelled in it are text.</param>
public sealed record ChatMessage(string Role, string Content);

/// <summary>A piece of a rendered conversation.</summary>
/// <param name="Text">Not empty.</param>
/// <param name="IsControl">Whether the template wrote it, so that control tokens in it count; false for what a message says.</param>
public readonly record struct ChatPiece(string Text, bool IsControl);
