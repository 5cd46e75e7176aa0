namespace StableDiffCoder.Training;

internal static class Placeholder;
