namespace StableDiffCoder.Training.Running;

/// <summary>Training cannot start or go on; the message names the file or field and the fix. Checkpoints written so far are intact.</summary>
public sealed class TrainingException(string message, Exception? innerException = null) : Exception(message, innerException);
