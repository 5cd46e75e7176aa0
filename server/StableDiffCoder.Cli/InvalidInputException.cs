namespace StableDiffCoder.Cli;

/// <summary>The arguments or the input are wrong: exit code 2. The message says what, where and the fix.</summary>
public sealed class InvalidInputException(string message, Exception? innerException = null) : Exception(message, innerException);
